def influence(desk):
    return None
