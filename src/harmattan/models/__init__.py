"""Models: numpy on labelled arrays. They open no file and draw no picture; every random draw has a seed passed in."""
