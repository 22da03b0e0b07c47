def never_asked(code):
    return 1
