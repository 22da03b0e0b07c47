def fine(code):
    return 1
