/* The endpoint writer: the way of one cluster's primary endpoint from the store to a router's data path.
 *
 * A map is its version and the target it names; targets are numbered, a later one stands for a newer epoch or a newer
 * cluster at the same endpoint, NOBODY for an endpoint that is not in the map. Maps travel late, twice, damaged and in
 * any order. The router and the control plane restart at any moment; the data path outlives the router, as kernel rules
 * do. Control plane and router take one step at a time, in every order.
 *
 * A handover arms the endpoint for its successor, which is a target of its own: the same node is another one in another
 * epoch. The former primary's agent says that it opened it, and what it said arrives late, again and again, or never.
 *
 * Never is an older map applied over a newer one, nor an endpoint emptied while its cluster lives; nor is a client led
 * to a target that no map names before an agent has opened it, nor to an older target after a newer one. A hold is the
 * exception: until it is over its maps name the former primary, also when the successor was opened and switched to.
 * HOLD_ARMED is what would do without it. And no engine is erased to which a connected router still leads.
 *
 * UNPLANNED: there are no handovers.
 *
 * Each #ifdef in capitals is a mutant: one rule left out. README.md lists them.
 */
#ifndef LAST_VERSION
#define LAST_VERSION 4 /* 3 to 6 */
#endif
#define NOBODY 0

/* The store. */
byte version;
byte target;         /* of the living cluster */
byte first_target;   /* of the present cluster's life */
byte newest_target;
byte planned;        /* the primary: not yet the target while a handover is under way or held */
byte armed;          /* the planned primary, while the endpoint may be switched to it */
byte named;          /* targets of all maps so far, a bit each */
bit erased = 1;      /* no engine of the cluster is left */

/* The agents of former primaries: successors that they may open yet, and that they have opened, a bit each. */
byte openable;
byte opened;

/* Maps as they were sent, by version, and those that a router may still receive, a bit each. */
byte sent[LAST_VERSION + 1];
byte sent_armed[LAST_VERSION + 1];
byte sent_held;
byte under_way;

/* The control plane's memory. */
byte published;
bit connected;
byte reported;       /* the version that the router says it serves */

/* The router: its mailbox, its memory, its disk, its data path. */
byte mail;
bit damaged;         /* the map in the mailbox lost its targets */
byte wanted_version;
byte wanted;
byte wanted_armed;
bit pending;
byte saved_version;
byte saved;
byte saved_armed;
byte applied_version;
byte applied;
byte newest_led_to; /* ever, or since a hold took it back */

#ifdef STALE_PLAN
byte plan;           /* what an earlier snapshot led to */
#endif
#ifdef TORN_READ
byte torn;           /* the targets as they were read before the version */
#endif
#ifdef REMOVED_APART
bit removal;         /* a message that removes the endpoint, of no version */
#endif

inline commit(next) {
  version++;
  target = next;
  named = named | (1 << next)
}

#ifdef STAYS_ARMED
#define DISARMED armed
#else
#define DISARMED NOBODY
#endif
/* What leads elsewhere, or nowhere. */
inline lead(next) {
  planned = next;
  armed = (next == NOBODY -> NOBODY : DISARMED);
  commit(next)
}

/* Two nodes in turn, so that a later target may be the node that an earlier one was. */
#define SAME_NODE(a, b) ((a) % 2 == (b) % 2)
#define NEXT_TARGET (SAME_NODE(newest_target, planned) -> newest_target + 1 : newest_target + 2)
#define HELD (planned != target && armed == NOBODY)
#define SETTLED (target != NOBODY && published == version)
#ifdef HOLD_ARMED
#define MAY_FAIL_OVER true
#else
#define MAY_FAIL_OVER (armed == NOBODY || planned == target)
#endif

/* Version and targets are read in one transaction. */
inline publish() {
#ifdef TORN_READ
  sent[version] = torn;
#else
  sent[version] = target;
#endif
  sent_armed[version] = armed;
  sent_held = (HELD -> sent_held | (1 << version) : sent_held & ~(1 << version));
  published = version;
  if
  :: connected -> under_way = under_way | (1 << version)
  :: else
  fi
}

#ifdef VERSION_FORGOTTEN
#define FIRST_VERSION (version > 1 -> version - 1 : version)
#else
#define FIRST_VERSION version
#endif

#ifdef REPORTED_EARLY
#define REPORT wanted_version
#else
#define REPORT applied_version
#endif

/* Deletion waits for the routers that are connected. */
#ifdef ERASED_AT_ONCE
#define WITHDRAWN true
#else
#define WITHDRAWN (!connected || reported >= version)
#endif

inline control_plane() {
  if
  :: d_step { version < LAST_VERSION && target == NOBODY && erased && published == version ->
       newest_target++; first_target = newest_target; erased = 0; lead(newest_target);
       printf("version %d: a new cluster, target %d\n", version, target) }
#ifdef STALE_PLAN
  :: d_step { target != NOBODY -> plan = target }
  :: d_step { version < LAST_VERSION && target != NOBODY && plan != NOBODY -> lead(plan);
       printf("version %d: planned before, target %d\n", version, target) }
#endif
  :: d_step { version < LAST_VERSION && SETTLED && MAY_FAIL_OVER ->
       newest_target = NEXT_TARGET; lead(newest_target); printf("version %d: a failover, target %d\n", version, target) }
#ifndef UNPLANNED
  :: d_step { version < LAST_VERSION && SETTLED && planned == target ->
       newest_target = NEXT_TARGET; planned = newest_target; armed = planned; openable = openable | (1 << planned);
       commit(target); printf("version %d: a handover to %d\n", version, planned) }
#endif
  :: d_step { version < LAST_VERSION && SETTLED && planned != target -> lead(planned);
       printf("version %d: handed over, target %d\n", version, target) }
  /* The agent said that it gave up: it opened nobody and will not. */
  :: d_step { version < LAST_VERSION && SETTLED && planned != target && !HELD && !(opened & (1 << planned)) ->
       openable = openable & ~(1 << planned); lead(target); printf("version %d: the handover is cancelled\n", version) }
#ifndef HOLD_ARMED
  :: d_step { version < LAST_VERSION && SETTLED && planned != target && !HELD -> armed = DISARMED; commit(target);
       printf("version %d: the handover is held\n", version) }
#endif
  :: d_step { version < LAST_VERSION && version > 0 && published == version -> commit(target);
       printf("version %d: something else\n", version) }
  :: d_step { version < LAST_VERSION && SETTLED -> lead(NOBODY);
#ifdef REMOVED_APART
       removal = 1;
#endif
       printf("version %d: withdrawn\n", version) }
#ifdef TORN_READ
  :: d_step { torn != target -> torn = target; printf("control plane reads target %d\n", torn) }
#endif
  :: d_step { published != version -> publish(); printf("control plane publishes %d\n", version) }
  :: d_step { target == NOBODY && !erased && published == version && WITHDRAWN -> erased = 1;
       printf("engines erased\n"); assert(!connected || applied == NOBODY) }
  :: d_step { version > 0 -> connected = 0; version = FIRST_VERSION; publish();
       printf("control plane restarts, publishes %d\n", version) }
  :: d_step { !connected && published > 0 -> connected = 1; reported = REPORT; under_way = under_way | (1 << published);
       printf("router connects, reports %d\n", reported) }
  :: d_step { connected -> connected = 0; printf("the session ends\n") }
  fi
}

inline open(t) {
  d_step { openable & (1 << t) -> openable = openable & ~(1 << t); opened = opened | (1 << t); printf("%d is opened\n", t) }
}

inline agents() {
  if
  :: open(2)
  :: open(3)
#if LAST_VERSION > 3
  :: open(4)
#endif
#if LAST_VERSION > 4
  :: open(5)
#endif
#if LAST_VERSION > 5
  :: open(6)
#endif
  fi
}

/* A damaged map keeps the endpoint where it was. */
#ifdef DAMAGED_SERVED
#define TAKEN (damaged -> NOBODY : sent[mail])
#else
#define TAKEN (damaged -> wanted : sent[mail])
#endif
#ifdef OLDER_TAKEN
#define ACCEPTED true
#else
#define ACCEPTED (mail >= wanted_version)
#endif

#ifdef WITNESS_LED_BACK
#define LEADS_BACK false
#else
#define LEADS_BACK (sent_held & (1 << mail))
#endif
#ifdef SWITCH_FORGOTTEN
#define STAYS_SWITCHED false
#else
#define STAYS_SWITCHED (sent_armed[mail] != NOBODY && wanted_armed == sent_armed[mail] && wanted == wanted_armed)
#endif

inline save() {
  saved_version = wanted_version;
  saved = wanted;
  saved_armed = wanted_armed
}

inline take() {
  if
  :: ACCEPTED ->
    if
    :: !STAYS_SWITCHED -> wanted = TAKEN
    :: else
    fi;
    wanted_armed = sent_armed[mail];
    if
    :: LEADS_BACK && newest_led_to > wanted -> newest_led_to = wanted
    :: else
    fi;
    wanted_version = mail;
    pending = 1;
#ifndef SAVED_LATE
    save()
#endif
  :: else
  fi;
  mail = 0;
  damaged = 0
}

/* A notice that t is open. */
#if defined(SWITCH_UNARMED)
#define HEEDS(t) (wanted != NOBODY && wanted != t)
#define LEADS_TO(t) t
#elif defined(SWITCH_OF_ANY_EPOCH)
#define HEEDS(t) (wanted_armed != NOBODY && wanted != wanted_armed && SAME_NODE(t, wanted_armed))
#define LEADS_TO(t) wanted_armed
#else
#define HEEDS(t) (wanted_armed == t && wanted != t)
#define LEADS_TO(t) t
#endif

inline hear(t) {
  d_step { opened & (1 << t) && HEEDS(t) ->
#ifdef WITNESS_SWITCHED
    assert(named & (1 << t));
#endif
    wanted = LEADS_TO(t);
    pending = 1;
#ifndef SWITCH_SAVED_LATE
    save();
#endif
    printf("router hears that %d is open, wants map %d, target %d\n", t, wanted_version, wanted) }
}

inline apply() {
  assert(wanted_version >= applied_version);
  assert(wanted == NOBODY || wanted >= newest_led_to);
  assert((named | opened) & (1 << wanted) || wanted == NOBODY);
  assert(wanted != NOBODY || target == NOBODY || applied < first_target);
#ifdef WITNESS_NEXT_CLUSTER
  assert(wanted == NOBODY || first_target == 1 || wanted < first_target);
#endif
  applied = wanted;
  applied_version = wanted_version;
  pending = 0;
  if
  :: applied > newest_led_to -> newest_led_to = applied
  :: else
  fi
}

inline restart_router() {
  mail = 0;
  damaged = 0;
#ifdef NOT_RESTORED
  wanted_version = 0;
  wanted = NOBODY;
  wanted_armed = NOBODY;
  pending = 0;
#else
  wanted_version = saved_version;
  wanted = saved;
  wanted_armed = saved_armed;
  pending = (saved_version > 0)
#endif
}

inline deliver(v) {
  d_step { under_way & (1 << v) -> mail = v; damaged = 0; printf("map %d arrives\n", v) }
}

inline router() {
  if
  :: deliver(1)
  :: deliver(2)
  :: deliver(3)
#if LAST_VERSION > 3
  :: deliver(4)
#endif
#if LAST_VERSION > 4
  :: deliver(5)
#endif
#if LAST_VERSION > 5
  :: deliver(6)
#endif
  :: d_step { mail > 0 && sent[mail] != NOBODY && !damaged -> damaged = 1; printf("map %d is damaged\n", mail) }
  :: d_step { mail > 0 -> take(); printf("router wants map %d, target %d\n", wanted_version, wanted) }
  :: d_step { pending -> printf("router applies map %d, target %d\n", wanted_version, wanted); apply() }
  :: hear(2)
  :: hear(3)
#if LAST_VERSION > 3
  :: hear(4)
#endif
#if LAST_VERSION > 4
  :: hear(5)
#endif
#if LAST_VERSION > 5
  :: hear(6)
#endif
#if defined(SAVED_LATE) || defined(SWITCH_SAVED_LATE)
  :: d_step { !pending && (saved_version != wanted_version || saved != wanted) -> save(); printf("router saves map %d\n", wanted_version) }
#endif
#ifdef REMOVED_APART
  :: d_step { removal && wanted != NOBODY -> wanted = NOBODY; pending = 1; save(); removal = 0;
       printf("router removes the endpoint\n") }
#endif
  :: d_step { restart_router(); printf("router restarts with map %d\n", wanted_version) }
  :: d_step { connected && reported != REPORT -> reported = REPORT; printf("router reports map %d\n", reported) }
  fi
}

active proctype world() {
  do
  :: control_plane()
  :: agents()
  :: router()
  od
}
