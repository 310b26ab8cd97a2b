/* The endpoint writer: the way of one cluster's primary endpoint from the store to a router's data path.
 *
 * A map is its version and the target it names; targets are numbered, a later one stands for a newer epoch or a newer
 * cluster at the same endpoint, NOBODY for an endpoint that is not in the map. Maps travel late, twice, damaged and in
 * any order. The router and the control plane restart at any moment; the data path outlives the router, as kernel rules
 * do. Control plane and router take one step at a time, in every order.
 *
 * Never is an older map applied over a newer one, nor an endpoint emptied while its cluster lives, nor a client led to
 * an older target after a newer one; and no engine is erased to which a connected router still leads.
 *
 * Each #ifdef in capitals is a mutant: one rule left out. README.md lists them.
 */
#ifndef LAST_VERSION
#define LAST_VERSION 5 /* 3 to 6 */
#endif
#define NOBODY 0

/* The store. */
byte version;
byte target;         /* of the living cluster */
byte first_target;   /* of the present cluster's life */
byte newest_target;
bit erased = 1;      /* no engine of the cluster is left */

/* Maps as they were sent, by version, and those that a router may still receive, a bit each. */
byte sent[LAST_VERSION + 1];
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
bit pending;
byte saved_version;
byte saved;
byte applied_version;
byte applied;
byte newest_led_to; /* ever */

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
  target = next
}

/* Version and targets are read in one transaction. */
inline publish() {
#ifdef TORN_READ
  sent[version] = torn;
#else
  sent[version] = target;
#endif
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
       newest_target++; first_target = newest_target; erased = 0; commit(newest_target);
       printf("version %d: a new cluster, target %d\n", version, target) }
#ifdef STALE_PLAN
  :: d_step { target != NOBODY -> plan = target }
  :: d_step { version < LAST_VERSION && target != NOBODY && plan != NOBODY -> commit(plan);
       printf("version %d: planned before, target %d\n", version, target) }
#endif
  :: d_step { version < LAST_VERSION && target != NOBODY && published == version ->
       newest_target++; commit(newest_target); printf("version %d: a failover, target %d\n", version, target) }
  :: d_step { version < LAST_VERSION && version > 0 && published == version -> commit(target);
       printf("version %d: something else\n", version) }
  :: d_step { version < LAST_VERSION && target != NOBODY && published == version -> commit(NOBODY);
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

inline save() {
  saved_version = wanted_version;
  saved = wanted
}

inline take() {
  if
  :: ACCEPTED ->
    wanted = TAKEN;
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

inline apply() {
  assert(wanted_version >= applied_version);
  assert(wanted == NOBODY || wanted >= newest_led_to);
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
  pending = 0;
#else
  wanted_version = saved_version;
  wanted = saved;
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
#ifdef SAVED_LATE
  :: d_step { !pending && saved_version != wanted_version -> save(); printf("router saves map %d\n", wanted_version) }
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
  :: router()
  od
}
