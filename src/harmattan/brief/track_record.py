def render(summary, meanings, notes, speaker):
    return b""
