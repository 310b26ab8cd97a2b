"""Histories made by hand, and what has to be found in each."""

# name: (kinds, history)
DOCTORED = {
    "an acknowledged write is missing": (["lost"], """
        w1 1-2 add s 1 ok A
        w1 3-4 add s 2 ok A
        w1 10-11 add s 3 ok B
        -- final s 1 3"""),
    "everything is missing": (["lost"], """
        w1 1-2 add s 1 ok A
        w1 3-4 add s 2 ok A
        -- final s"""),
    "an acknowledged append is missing": (["lost"], """
        w1 1-2 append l 1 ok A
        w1 3-4 append l 2 ok A
        -- final l 1"""),
    "lost although a refused remove was tried": (["lost"], """
        w1 1-2 add s 1 ok A
        w1 3-4 remove s 1 fail A
        -- final s"""),
    "lost after it was added again": (["lost"], """
        w1 1-2 add s 1 ok A
        w1 3-4 remove s 1 ok A
        w1 5-6 add s 1 ok A
        -- final s"""),
    "a confirmed write is missing": (["lost_confirmed"], """
        w1 1-2 add s 1 ok A
        w1 3-4 add s 2 ok A wait=1
        w1 10-11 add s 3 ok B
        -- final s 1 3"""),
    "confirmed and unconfirmed, both missing": (["lost", "lost_confirmed"], """
        w1 1-2 add s 1 ok A wait=2
        w1 3-4 add s 2 ok A
        -- final s"""),
    "confirmed by one of two tries": (["lost_confirmed"], """
        w1 1-2 append l 1 ok A wait=1
        w2 3-4 append l 1 ok A
        -- final l"""),
    "a removed element is back": (["resurrected"], """
        w1 1-2 add s 1 ok A
        w1 3-4 remove s 1 ok A
        w1 10-11 add s 2 ok B
        -- final s 1 2"""),
    "a confirmed remove is undone": (["resurrected_confirmed"], """
        w1 1-2 add s 1 ok A wait=1
        w1 3-4 remove s 1 ok A wait=1
        -- final s 1"""),
    "back although a refused add was tried": (["resurrected"], """
        w1 1-2 add s 1 ok A
        w1 3-4 remove s 1 ok A
        w1 5-6 add s 1 fail A
        -- final s 1"""),
    "an element twice in a list": (["duplicate"], """
        w1 1-2 append l 1 ok A
        -- final l 1 1"""),
    "an unknown append twice in a list": (["duplicate"], """
        w1 1-? append l 1 info
        -- final l 1 1"""),
    "more often than it was tried": (["duplicate"], """
        w1 1-? append l 1 info
        w2 3-4 append l 1 ok A
        -- final l 1 1 1"""),
    "an element that nobody wrote": (["phantom"], """
        w1 1-2 add s 1 ok A
        -- final s 1 99"""),
    "an element that was only ever removed": (["phantom"], """
        w1 1-2 remove s 1 ok A
        -- final s 1"""),
    "a refused write took effect": (["phantom"], """
        w1 1-2 add s 1 fail A
        -- final s 1"""),
    "an element of another key": (["lost", "phantom"], """
        w1 1-2 add s 1 ok A
        w1 3-4 add r 2 ok A
        -- final s 1 2
        -- final r"""),
    "a hole: later writes of the same primary survived": (["hole", "lost"], """
        w1 1-2 add s 1 ok A
        w1 3-4 add s 2 ok A
        w1 5-6 add s 3 ok A
        -- final s 1 3"""),
    "lost at a takeover, no hole although its primary served again": (["lost"], """
        -- 0 promote A epoch=1
        w1 1-2 add s 1 ok A
        -- 10 promote B epoch=2
        w1 11-12 add s 2 ok B
        -- 20 promote A epoch=3
        w1 21-22 add s 3 ok A
        -- final s 2 3"""),
    "a hole seen by another client and key": (["hole", "lost"], """
        w1 1-2 add s 1 ok A
        w2 3-4 append l 7 ok A
        w1 10-11 add s 2 ok B
        -- final s 2
        -- final l 7"""),
    "an undone remove with later writes there": (["hole", "resurrected"], """
        w1 1-2 add s 1 ok A
        w1 3-4 remove s 1 ok A
        w1 5-6 add s 2 ok A
        -- final s 1 2"""),
    "appends in the wrong order": (["reordered"], """
        w1 1-2 append l 1 ok A
        w2 3-4 append l 2 ok A
        -- final l 2 1"""),
    "two apart in the wrong order, one between them that may stand anywhere": (["reordered"], """
        w1 10-11 append l 3 ok A
        w2 1-12 append l 2 ok A
        w3 2-3 append l 1 ok A
        -- final l 3 2 1"""),
    "one append far too late in the list": (["reordered"], """
        w1 1-2 append l 1 ok A
        w1 3-4 append l 2 ok A
        w2 5-6 append l 3 ok A
        -- final l 2 3 1"""),
    "two primaries by turns": (["deposed_ack", "two_primaries"], """
        w1 1-2 add s 1 ok A
        w2 3-4 add s 2 ok B
        w1 5-6 add s 3 ok A
        w2 7-8 add s 4 ok B
        -- final s 1 2 3 4"""),
    "the old one once more, then silence": (["deposed_ack"], """
        w1 1-2 add s 1 ok A
        w2 3-4 add s 2 ok B
        w1 5-6 add s 3 ok A
        -- final s 1 2 3"""),
    "two primaries, and the old one's writes lost": (["deposed_ack", "lost", "two_primaries"], """
        w1 1-2 add s 1 ok A
        w2 3-4 add s 2 ok B
        w1 5-6 add s 3 ok A
        w2 7-8 add s 4 ok B
        -- final s 1 2 4"""),
    "two primaries, seen by appends": (["deposed_ack", "two_primaries"], """
        w1 1-2 append l 1 ok A
        w2 3-4 append l 2 ok B
        w1 5-6 append l 3 ok A
        w2 7-8 append l 4 ok B
        -- final l 1 2 3 4"""),
    "two primaries, seen by removes": (["deposed_ack", "two_primaries"], """
        w1 1-2 add s 1 ok A
        w2 3-4 add s 2 ok B
        w1 5-6 remove s 1 ok A
        w2 7-8 remove s 2 ok B
        -- final s"""),
    "an engine that woke carries out what it had read": (["deposed_ack", "lost", "two_primaries"], """
        w1 1-2 add s 1 ok A
        w1 10-3000 add s 2 ok A
        w2 1000-1001 add s 3 ok B
        w2 3001-3002 add s 4 ok B
        -- final s 1 3 4"""),
    "an engine that woke, just beyond what may be in flight": (["deposed_ack"], """
        w1 1-2 add s 1 ok A
        w1 10-271 add s 2 ok A
        w2 11-20 add s 3 ok B
        -- final s 1 2 3"""),
    "the old one once more, then a third": (["deposed_ack"], """
        w1 1-2 add s 1 ok A
        w2 3-4 add s 2 ok B
        w1 5-6 add s 3 ok A
        w2 7-8 add s 4 ok C
        w2 9-10 add s 5 ok C
        -- final s 1 2 3 4 5"""),
    "begun under the second, answered by the first under the third": (["deposed_ack"], """
        w1 1-2 add s 1 ok A
        w2 3-4 add s 2 ok B
        w1 5-9 add s 3 ok A
        w2 7-8 add s 4 ok C
        -- final s 1 2 3 4"""),
    "the first of three comes back": (["deposed_ack"], """
        w1 1-2 add s 1 ok A
        w1 3-4 add s 2 ok B
        w1 5-6 add s 3 ok C
        w2 7-8 add s 4 ok A
        -- final s 1 2 3 4"""),
    "acknowledged by one that was never promoted": (["unappointed"], """
        -- 0 promote A epoch=1
        w1 1-2 add s 1 ok A
        -- 10 promote B epoch=2
        w1 11-12 add s 2 ok B
        w2 13-14 add s 3 ok C
        -- final s 1 2 3"""),
    "there and back, and the middle one goes on": (["deposed_ack", "two_primaries"], """
        -- 0 promote A epoch=1
        w1 1-2 add s 1 ok A
        -- 10 promote B epoch=2
        w1 11-12 add s 2 ok B
        -- 20 promote A epoch=3
        w1 21-22 add s 3 ok A
        w2 23-24 add s 4 ok B
        w1 25-26 add s 5 ok A
        -- final s 1 2 3 4 5"""),
    "back before it was promoted again": (["deposed_ack", "two_primaries"], """
        -- 0 promote A epoch=1
        w1 1-2 add s 1 ok A
        -- 10 promote B epoch=2
        w1 11-12 add s 2 ok B
        w2 13-14 add s 3 ok A
        w1 15-16 add s 4 ok B
        -- final s 1 2 3 4"""),
    "two in one epoch": (["two_primaries"], """
        w1 1-2 add s 1 ok A epoch=2
        w1 3-4 add s 2 ok B epoch=2
        -- final s 1 2"""),
    "an epoch goes back": (["epoch_back"], """
        w1 1-2 add s 1 ok A epoch=3
        w1 3-4 add s 2 ok B epoch=2
        -- final s 1 2"""),
}

# name: (part of the refusal, history)
NO_HISTORIES = {
    "a key that nobody read": ("never read in the end", "w1 1-2 add s 1 ok A"),
    "written after the final read": ("after its final read", """
        w1 20000001-20000002 add s 1 ok A
        -- final s 1"""),
    "read twice in the end": ("two final reads", """
        -- final s 1
        -- final s 1"""),
    "two operations at once": ("while its last one", """
        w1 1-5 add s 1 ok A
        w1 2-3 add s 2 ok A
        -- final s 1 2"""),
}
