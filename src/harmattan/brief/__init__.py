"""The brief: an outline of Answers, drawn as HTML and PDF. It draws and never computes."""
