"""Histories made by hand in which nothing is wrong."""

CLEAN = {
    "nothing but one write": """
        w1 1-2 add s 1 ok A
        -- final s 1""",
    "a removed element is gone": """
        w1 1-2 add s 1 ok A
        w1 3-4 remove s 1 ok A
        -- final s""",
    "removed and added again": """
        w1 1-2 add s 1 ok A
        w1 3-4 remove s 1 ok A
        w1 5-6 add s 1 ok A
        -- final s 1""",
    "a write without an answer took effect": """
        w1 1-? add s 1 info
        -- final s 1""",
    "a write without an answer did not": """
        w1 1-? add s 1 info
        -- final s""",
    "an unknown outcome is said": """
        w1 1-2 add s 1 info A
        w1 3-4 add s 2 ok A
        -- final s 1 2""",
    "a remove without an answer took effect": """
        w1 1-2 add s 1 ok A
        w1 3-? remove s 1 info
        -- final s""",
    "a remove without an answer did not": """
        w1 1-2 add s 1 ok A
        w1 3-? remove s 1 info
        -- final s 1""",
    "an unknown add may come after its remove": """
        w1 1-? add s 1 info
        w2 5-6 remove s 1 ok A
        -- final s 1""",
    "a remove of unknown outcome may come after an add that began later": """
        w1 1-2 add s 1 ok A
        w1 3-4 remove s 1 info
        w2 5-6 add s 1 ok A
        -- final s""",
    "add and remove at once, either order": """
        w1 1-5 add s 1 ok A
        w2 2-4 remove s 1 ok A
        -- final s 1""",
    "a refused write is not there": """
        w1 1-2 add s 1 fail B
        w1 3-4 add s 2 ok A
        -- final s 2""",
    "one appended twice by two unknown tries": """
        w1 1-? append l 1 info
        w2 5-6 append l 1 ok A
        -- final l 1 1""",
    "concurrent appends stand in either order": """
        w1 1-9 append l 1 ok A
        w2 2-8 append l 2 ok A
        -- final l 2 1""",
    "a failover without loss": """
        w1 1-2 add s 1 ok A
        -- 5 fault
        w1 6-? add s 2 info
        w2 20-21 add s 3 ok B
        w2 22-23 add s 4 ok B wait=1
        -- final s 1 3 4""",
    "an answer of the old primary, in flight": """
        w1 1-2 add s 1 ok A
        w1 10-13 add s 2 ok A
        w2 11-12 add s 3 ok B
        w2 14-15 add s 4 ok B
        -- final s 1 2 3 4""",
    "there and back again, as ordered": """
        w1 1-2 add s 1 ok A
        -- 3 promote A epoch=1
        -- 10 promote B epoch=2
        w1 11-12 add s 2 ok B
        -- 20 promote A epoch=3
        w1 21-22 add s 3 ok A
        -- final s 1 2 3""",
    "promoted twice with nothing in between": """
        -- 1 promote A epoch=1
        w1 1-2 add s 1 ok A
        -- 10 promote B epoch=2
        -- 20 promote C epoch=3
        w1 21-22 add s 2 ok C
        -- final s 1 2""",
    "epochs rise": """
        w1 1-2 add s 1 ok A epoch=1
        w1 3-4 add s 2 ok B epoch=2
        -- final s 1 2""",
}
