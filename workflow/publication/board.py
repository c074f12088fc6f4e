def put(tx, office, case_id, notice):
    pass


def take_down(tx, office, key, state, reason, on):
    pass
