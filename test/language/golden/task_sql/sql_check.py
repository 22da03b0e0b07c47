import sqlite3

def query_result(query, schema, expected):
    db = sqlite3.connect(":memory:")
    db.executescript(schema)
    try:
        rows = db.execute(query).fetchall()
    except sqlite3.Error:
        return 0
    return 1 if rows and str(rows[0][0]) == str(expected) else 0
