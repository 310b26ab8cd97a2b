/* Lease or promise: two engines of one shard never take writes at the same time, whoever is cut off, frozen or restarted.
 *
 * One process takes one step at a time, so that every order of steps is tried. An agent that is frozen, slow or cut off
 * is one that takes no step for a while; a message that is late or lost is one whose step comes late or never. Time is
 * the step `tick`. All timers count down in true time: a lease may run DRIFT longer than it says (the slowest clock
 * allowed), and whoever waits for its end waits MARGIN longer than it says.
 *
 * Taking writes is: an answer can reach a client. It can as long as a socket is left from the time as primary, also
 * after the demotion, unless the kernel holds it back.
 *
 * HANDOVER: a primary may hand over to the next node. Its agent signs in there as the opener whom that engine admits,
 * makes its own engine a replica, and sends the command that opens the other, which is executed at any time or never:
 * not once the opener is dismissed.
 *
 * GRANTS: nobody asks peers.
 *
 * Each #ifdef in capitals is a mutant: one rule left out. README.md lists them.
 */
#ifndef NODES
#define NODES 3
#endif
#ifndef LAST_EPOCH
#define LAST_EPOCH 3 /* at most 7 */
#endif
#define DURATION 1
#define DRIFT 1
#define MARGIN 1

#define LEASE (DURATION + DRIFT)
#ifdef NO_MARGIN
#define CONTROL_WAITS DURATION
#else
#define CONTROL_WAITS (DURATION + MARGIN)
#endif
#ifdef NO_PEER_MARGIN
#define PEER_WAITS DURATION
#else
#define PEER_WAITS (DURATION + MARGIN)
#endif

/* The store. */
byte epoch = 1;
byte primary = 0;
bit proven = 1;      /* nobody but the planned primary and its successors can be open */

/* The control plane's memory. */
byte granted[NODES]; /* how long a lease of that node may still run */
bit closed;          /* the planned primary gets no more grants */
bit seen;            /* the planned primary was reported open in this epoch (shard.attached == shard.epoch) */
bit unsent;          /* the newest decision is committed and not sent */
byte sent_epoch = 1;
byte sent_primary[LAST_EPOCH + 1]; /* by epoch: an agent may be told of one after a newer one was sent, but in order */
bit sent_proven[LAST_EPOCH + 1];
#ifdef HANDOVER
byte handover;       /* the node that hands over to the planned primary, and one more; 0 for none */
bit held;            /* the handover was broken off */
bit closed_former;   /* that node gets no more grants */
byte sent_handover[LAST_EPOCH + 1];
bit sent_held[LAST_EPOCH + 1];
#define FORMER (handover - 1)
#define ORDINARY_STEPS (epoch > 1 && !(handover > 0 && !held)) /* the first step is the handover */
#define HANDS_OVER(i) (sent_handover[node[i].epoch] == (i) + 1 && !sent_held[node[i].epoch])
#define AWAITS(i) (node[i].primary && node[i].awaits)
#define BUSY(i) (node[i].hands || node[i].admits == TO_BE_DISMISSED)
#define REPORTS(i) (node[i].admits != TO_BE_DISMISSED) /* the epoch that it was told last */
#define HANDING_OVER (handover > 0 && !held)
#else
#define HANDS_OVER(i) false
#define AWAITS(i) false
#define BUSY(i) false
#define REPORTS(i) true
#define ORDINARY_STEPS true
#endif
#ifdef JOIN
byte joined;         /* the epoch since which node 1 is in the shard; before that nobody asks it for promises */
bit eligible;        /* a primary that asks node 1 for promises has been seen open */
#define ELIGIBLE eligible
#define JOINED (joined > 0)
#else
#define ELIGIBLE true
#define JOINED true
#endif

typedef Node {
  /* The agent. The assignment is on its disk. */
  unsigned epoch : 3;
  bit primary;
  bit proven;
  unsigned shut : 2;     /* what keeps it from opening: its promise, or that it has just started */
  unsigned asks : 2;     /* what it waits for */
  unsigned rest : 2;     /* of the lease that the answer brings, from the moment the request was sent */
  unsigned granted : 3;  /* the epoch for which a grant is on its way */
  unsigned promised : 3; /* peers that have answered, a bit each */
  /* The kernel. */
  bit guarded;
  unsigned leased : 2;
  /* The engine. */
  bit alive;
  unsigned reign : 3;    /* the epoch in which it was opened, 0 when it is a replica */
  bit clients;           /* sockets from its time as primary, with commands and answers in them */
#ifdef HANDOVER
  /* In a handover. The agent of the former primary: */
  bit hands;             /* has seen the successor ready, and is about to demote its engine */
  bit linked;            /* is signed in at the successor's engine as its opener */
  bit complete;          /* the successor has everything, since this one is a replica */
  bit failed;            /* gave up, still open */
  /* The agent of the successor: */
  bit awaits;            /* does not open it by itself */
  unsigned admits : 2;   /* whether its engine admits an opener: ADMITTED is also the sign that it is ready */
  bit coming;            /* a command that opens the engine is on its way to it */
#endif
  /* The newest report of its end that has arrived: the epoch of the assignment the agent had, 0 for none. */
  unsigned ended : 3;
}
Node node[NODES];

#define ADMITTED 1
#define TO_BE_DISMISSED 2 /* it was told something else meanwhile */

#define NOTHING 0
#define GRANTED 1    /* the control plane's grant, which is on its way */
#define PEERS 2      /* the peers' promises */

#ifdef JOIN
#define OTHERS(i) ((((1 << NODES) - 1) ^ (1 << (i))) & ~(JOINED && node[i].epoch >= joined -> 0 : 2))
#else
#define OTHERS(i) (((1 << NODES) - 1) ^ (1 << (i)))
#endif
#define WRITABLE(i) (node[i].clients && (!node[i].guarded || node[i].leased > 0))

#if defined(WITNESS_TAKEOVER)
#define SAFE !(node[0].reign > 0 && WRITABLE(1))
#elif defined(WITNESS_PROMISES)
#define SAFE !(closed && WRITABLE(0))
#elif defined(WITNESS_HANDED_OVER)
#define SAFE !(AWAITS(1) && node[1].reign == node[1].epoch && node[0].reign == 0 && WRITABLE(1))
#elif NODES > 2
#define SAFE (WRITABLE(0) + WRITABLE(1) + WRITABLE(2) <= 1)
#else
#define SAFE (WRITABLE(0) + WRITABLE(1) <= 1)
#endif

inline forget_request(i) {
  node[i].asks = NOTHING;
  node[i].rest = 0;
  node[i].granted = 0;
  node[i].promised = 0
}

inline decide(next_primary, next_proven) {
#ifdef SAME_EPOCH
  if
  :: next_primary == primary || epoch == 1 -> epoch++
  :: else
  fi;
#else
  epoch++;
#endif
  primary = next_primary;
  proven = next_proven;
  seen = 0;
  unsent = 1;
#ifdef HANDOVER
  handover = 0;
  held = 0;
#endif
#ifndef STALE_EXIT
  i = 0;
  do
  :: i < NODES -> node[i].ended = 0; i++
  :: else -> break
  od;
  i = 0
#endif
}

inline count_down(timer) {
  if
  :: timer > 0 -> timer--
  :: else
  fi
}

inline tick() {
  i = 0;
  do
  :: i < NODES ->
    count_down(granted[i]);
    count_down(node[i].shut);
#ifndef NO_KERNEL_FENCE
    count_down(node[i].leased);
#endif
    count_down(node[i].rest);
#ifndef FROM_RECEIPT
    if
    :: node[i].rest == 0 -> forget_request(i)
    :: else
    fi;
#endif
    i++
  :: else -> break
  od;
  i = 0
}

/* What the control plane does. */
inline send() {
  sent_epoch = epoch;
  sent_primary[epoch] = primary;
  sent_proven[epoch] = proven;
#ifdef HANDOVER
  sent_handover[epoch] = handover;
  sent_held[epoch] = held;
  closed_former = 0;
#endif
  unsent = 0
}

inline restart_control_plane() {
  i = 0;
  do
  :: i < NODES ->
#ifdef CONTROL_FORGETS
    granted[i] = 0;
#else
    granted[i] = CONTROL_WAITS;
#endif
    i++
  :: else -> break
  od;
  i = 0;
  closed = 0;
  send()
}

#ifdef GRANT_UNCHECKED
#define MAY_GRANT(i) true
#define GRANTED_EPOCH(i) node[i].epoch
#else
#ifdef HANDOVER
#define MAY_GRANT(i) (sent_primary[sent_epoch] == (i) || (sent_handover[sent_epoch] == (i) + 1 && !sent_held[sent_epoch]))
#else
#define MAY_GRANT(i) (sent_primary[sent_epoch] == (i))
#endif
#define GRANTED_EPOCH(i) sent_epoch
#endif
#ifdef NOT_CLOSED
#define IS_CLOSED(i) false
#elif defined(HANDOVER)
#define IS_CLOSED(i) (closed && (i) == sent_primary[sent_epoch] || closed_former && (i) + 1 == sent_handover[sent_epoch])
#else
#define IS_CLOSED(i) closed
#endif

#ifdef NEWCOMER_PROMOTED
#define MAY_PROMOTE(with_proof) JOINED
#else
#define MAY_PROMOTE(with_proof) (ELIGIBLE || (with_proof && JOINED))
#endif

#ifdef HANDOVER
#ifdef HELD_AT_ONCE
#define FORMER_LAPSED true
#else
#define FORMER_LAPSED (granted[FORMER] == 0)
#endif
#define SUCCESSOR(i) (((i) + 1) % NODES)
#define PREDECESSOR(i) (((i) + NODES - 1) % NODES)
/* A replica that follows; its agent said so when it was unguarded. */
#define FIT(i) (node[i].alive && node[i].reign == 0 && !node[i].guarded && node[i].epoch == epoch && REPORTS(i))
#define FORMER_ENDED (node[FORMER].ended == epoch)
#define FORMER_IS_REPLICA (node[FORMER].alive && node[FORMER].reign == 0 && node[FORMER].epoch == epoch && REPORTS(FORMER))
#ifdef CANCELLED_AFTER_DEMOTION
#define FORMER_OPEN true
#else
#define FORMER_OPEN (node[FORMER].reign > 0)
#endif
#ifdef RELEASED_UNCHECKED
#define MAY_RELEASE true
#else
#define MAY_RELEASE (FORMER_IS_REPLICA && node[FORMER].complete)
#endif

inline hold(with_proof) {
  former = FORMER;
  decide(primary, with_proof);
  handover = former + 1;
  held = 1
}

inline release(with_proof) {
  proven = with_proof;
  handover = 0;
  held = 0;
  closed_former = 0;
  unsent = 1
}

/* What a former primary answered before it was a replica is with its successor, or is compared: it may reach clients. */
inline handover_steps() {
  if
  :: d_step { seen && !unsent && !closed && handover == 0 && epoch < LAST_EPOCH && FIT(SUCCESSOR(primary)) ->
       former = primary; decide((primary + 1) % NODES, 0); handover = former + 1;
       printf("%d is to hand over to %d: epoch %d\n", former, primary, epoch) }
  :: d_step { HANDING_OVER && !seen && !unsent && FORMER_IS_REPLICA && !node[FORMER].complete && epoch < LAST_EPOCH ->
       node[FORMER].clients = 0; hold(1); printf("control plane holds, the former is a replica: epoch %d\n", epoch) }
  :: d_step { HANDING_OVER && !seen && !unsent && FORMER_ENDED && epoch < LAST_EPOCH -> hold(1);
       printf("control plane holds, the former has ended: epoch %d\n", epoch) }
  :: d_step { handover > 0 && !seen && !unsent && !closed_former && FORMER_LAPSED -> closed_former = 1;
       printf("control plane closes the lease of the former\n") }
  :: d_step { HANDING_OVER && !seen && !unsent && closed_former && epoch < LAST_EPOCH -> hold(0);
       printf("control plane holds, the former is silent: epoch %d\n", epoch) }
  :: d_step { HANDING_OVER && !seen && !unsent && MAY_RELEASE -> release(1);
       printf("control plane releases %d\n", primary) }
  :: d_step { HANDING_OVER && !seen && !unsent && node[FORMER].failed && node[FORMER].epoch == epoch && FORMER_OPEN && epoch < LAST_EPOCH ->
       former = FORMER; decide(former, 1); printf("control plane cancels: epoch %d, primary %d\n", epoch, primary) }
  :: d_step { handover > 0 && held && !seen && !unsent && !closed && FORMER_IS_REPLICA ->
       node[FORMER].clients = 0; release(1); printf("control plane releases %d, held\n", primary) }
  :: d_step { handover > 0 && held && !seen && !unsent && !closed && FORMER_ENDED -> release(1);
       printf("control plane releases %d, held, the former has ended\n", primary) }
  :: d_step { handover > 0 && held && !seen && !unsent && !closed && closed_former -> release(0);
       printf("control plane releases %d, held, the former is silent\n", primary) }
  fi
}
#endif

inline control_plane() {
  if
#ifndef SMALL
  :: d_step { restart_control_plane(); printf("control plane restarts\n") }
#endif
  :: d_step { unsent ->
       send(); closed = 0;
       printf("control plane sends: epoch %d, primary %d, proven %d\n", epoch, primary, proven) }
  :: d_step { !seen && !unsent && !closed && node[primary].reign == epoch && REPORTS(primary) ->
       seen = 1; proven = 1;
#ifdef HANDOVER
       if
       :: handover > 0 -> handover = 0; held = 0; closed_former = 0; unsent = 1
       :: else
       fi;
#endif
#ifdef JOIN
       eligible = JOINED;
#ifndef JOINED_AT_ONCE
       granted[primary] = CONTROL_WAITS; /* for its lease may rest on promises that node 1 was not asked for */
#endif
#endif
       printf("control plane sees %d open\n", primary) }
  /* No proof: wait for the lease, close it, commit. */
  :: d_step { !closed && !unsent && ORDINARY_STEPS && epoch < LAST_EPOCH && granted[primary] == 0 -> closed = 1;
       printf("control plane closes the lease of %d\n", primary) }
  :: d_step { closed && !unsent -> closed = 0; printf("control plane thinks better of it\n") }
#ifdef JOIN
  :: d_step { !JOINED && !unsent && !closed && epoch < LAST_EPOCH -> decide(primary, proven); joined = epoch;
       printf("node 1 joins: epoch %d\n", epoch) }
#endif
#ifndef SMALL
  :: d_step { closed && !unsent -> decide(primary, proven);
       printf("control plane detaches the replicas: epoch %d\n", epoch) }
#endif
  :: d_step { closed && !unsent && MAY_PROMOTE(0) -> decide((primary + 1) % NODES, 0);
       printf("control plane promotes %d without proof: epoch %d\n", primary, epoch) }
  /* With proof. */
#ifdef STALE_EXIT
#define EXIT_PROVEN (node[primary].ended > 0)
#else
#define EXIT_PROVEN (node[primary].ended == epoch)
#endif
#ifdef PROOF_OF_LAST
#define AND_BEFORE 1
#else
#define AND_BEFORE proven
#endif
  :: d_step { EXIT_PROVEN && !unsent && !closed && ORDINARY_STEPS && epoch < LAST_EPOCH && MAY_PROMOTE(AND_BEFORE) -> decide((primary + 1) % NODES, AND_BEFORE);
       printf("control plane promotes %d, the former has ended: epoch %d, proven %d\n", primary, epoch, proven) }
#ifdef HANDOVER
  :: handover_steps()
#endif
  fi
}

/* What agent i, its kernel and its engine do. */
#ifdef FROM_RECEIPT
#define REST(i) LEASE
#else
#define REST(i) node[i].rest
#endif
#if defined(PROMISE_IGNORED)
#define MAY_OPEN(i) true
#elif defined(REOPENED_UNCHECKED)
#define MAY_OPEN(i) (node[i].proven || node[i].shut == 0 || node[i].reign > 0)
#else
#define MAY_OPEN(i) (node[i].proven || node[i].shut == 0)
#endif
/* Leased before it is opened, even before it may be; but then no client may be left from its earlier time as primary. */
#if defined(LEASED_UNCHECKED)
#define MAY_LEASE(i) true
#elif defined(LEASED_AS_REPLICA)
#define MAY_LEASE(i) (MAY_OPEN(i) || node[i].reign == 0)
#else
#define MAY_LEASE(i) (MAY_OPEN(i) || !node[i].clients)
#endif
#ifdef GRANT_OF_ANY_EPOCH
#define GRANT_COUNTS(i) true
#else
#define GRANT_COUNTS(i) (node[i].granted == node[i].epoch)
#endif
#ifdef GUARDED_LATE
#define FENCED(i) true
#else
#define FENCED(i) node[i].guarded
#endif
#ifdef UNGUARDED_WHILE_ADMITTED
#define STAYS_GUARDED(i) false
#elif defined(HANDOVER)
#define STAYS_GUARDED(i) (node[i].admits != 0)
#else
#define STAYS_GUARDED(i) false
#endif
#ifdef PROMISE_TO_DEPOSED
#define MAY_PROMISE(j, i) true
#else
#ifdef HANDOVER
#define MAY_PROMISE(j, i) (node[j].epoch <= node[i].epoch && (!node[j].primary || AWAITS(j)))
#else
#define MAY_PROMISE(j, i) (node[j].epoch <= node[i].epoch)
#endif
#endif
#define SERVES(i) (node[i].primary || HANDS_OVER(i))
#ifdef ONE_PROMISE
#define PROMISED(i) (node[i].promised != 0)
#else
#define PROMISED(i) (node[i].promised == OTHERS(i))
#endif

inline lease(i) {
  if
  :: REST(i) > node[i].leased -> node[i].leased = REST(i)
  :: else
  fi;
  forget_request(i)
}

#ifdef HANDOVER
inline forget_opener(i) {
  if
  :: node[i].admits == ADMITTED -> node[i].admits = TO_BE_DISMISSED
  :: else
  fi
}

/* Deleting the user ends its connections, with what they have brought. */
inline dismiss(i) {
  node[i].admits = 0;
#ifndef OPENER_KEPT
  node[i].coming = 0;
  node[PREDECESSOR(i)].linked = 0
#endif
}
#endif

inline tell(i) {
  node[i].epoch++;
  node[i].primary = (sent_primary[node[i].epoch] == i);
  node[i].proven = (node[i].primary && sent_proven[node[i].epoch]);
#ifdef HANDOVER
  node[i].awaits = (node[i].primary && sent_handover[node[i].epoch] > 0);
  forget_opener(i);
  node[i].complete = 0;
  node[i].failed = 0;
#endif
  if
  :: node[i].granted < node[i].epoch -> forget_request(i)
  :: else
  fi
}

inline promise(j, i) {
  d_step { j != i && node[i].asks == PEERS && !(node[i].promised & (1 << j)) && MAY_PROMISE(j, i) ->
    node[j].shut = PEER_WAITS;
    node[i].promised = node[i].promised | (1 << j);
    printf("%d promises to %d\n", j, i) }
}

#ifdef HANDOVER
#ifdef UNAWAITED
#define OPENED_BY_OTHERS(i) false
#else
#define OPENED_BY_OTHERS(i) AWAITS(i)
#endif
inline command(j) {
  node[j].coming = (node[j].alive && node[PREDECESSOR(j)].linked)
}

inline handover_agent(i) {
  if
  :: d_step { AWAITS(i) && node[i].epoch == sent_epoch && sent_handover[sent_epoch] == 0 ->
       node[i].awaits = 0; forget_opener(i); printf("%d is told: it is released\n", i) }
  :: d_step { node[i].admits == TO_BE_DISMISSED && node[i].alive -> dismiss(i); printf("%d dismisses its opener\n", i) }
  :: d_step { AWAITS(i) && node[i].alive && FENCED(i) && node[i].leased > 0 && MAY_OPEN(i) && node[i].admits == 0 ->
       node[i].admits = ADMITTED;
       if
       :: node[i].reign > 0 -> node[i].reign = node[i].epoch
       :: else
       fi;
       printf("%d is ready in epoch %d\n", i, node[i].epoch) }
  :: d_step { HANDS_OVER(i) && node[i].alive && node[i].reign > 0 && !BUSY(i) && !node[i].failed && node[SUCCESSOR(i)].admits == ADMITTED &&
       node[SUCCESSOR(i)].epoch == node[i].epoch && node[SUCCESSOR(i)].reign == 0 && node[SUCCESSOR(i)].alive ->
       node[i].hands = 1; node[i].linked = 1; node[i].reign = node[i].epoch; printf("%d pauses its writes\n", i) }
  :: d_step { node[i].reign > 0 && (HANDS_OVER(i) || node[i].hands) && !node[i].failed ->
       node[i].failed = HANDS_OVER(i); node[i].hands = 0; printf("%d gives up, still open\n", i) }
#ifdef OPENED_BEFORE_DEMOTED
  :: d_step { node[i].hands && !node[SUCCESSOR(i)].coming -> command(SUCCESSOR(i)); printf("%d opens %d\n", i, SUCCESSOR(i)) }
#endif
  :: d_step { node[i].hands && node[i].reign > 0 ->
       node[i].reign = 0; node[i].hands = 0; node[i].clients = 0; node[i].complete = HANDS_OVER(i); command(SUCCESSOR(i));
#ifdef CANCELLED_AFTER_DEMOTION
       node[i].failed = HANDS_OVER(i);
#endif
       printf("%d is demoted, and opens %d\n", i, SUCCESSOR(i)) }
  /* The pause was over before that. */
  :: d_step { node[i].hands && node[i].reign > 0 ->
       node[i].reign = 0; node[i].hands = 0;
#ifdef OPENED_INCOMPLETE
       command(SUCCESSOR(i));
#endif
       printf("%d is demoted, %d lacks writes\n", i, SUCCESSOR(i)) }
  :: d_step { node[i].coming && node[i].alive -> node[i].coming = 0;
       if
       :: node[i].reign == 0 -> node[i].clients = 1; node[i].reign = (node[i].primary && node[i].admits != ADMITTED -> node[i].epoch - 1 : node[i].epoch)
       :: else
       fi;
       printf("%d is opened by another agent\n", i) }
  fi
}
#else
#define OPENED_BY_OTHERS(i) false
#endif

inline agent(i) {
  if
#ifdef HANDOVER
  :: handover_agent(i)
#endif
  :: d_step { node[i].epoch < sent_epoch -> tell(i);
       printf("%d is told: epoch %d, primary %d\n", i, node[i].epoch, sent_primary[node[i].epoch]) }
  :: d_step { node[i].epoch == sent_epoch && node[i].primary && node[i].reign < sent_epoch && node[i].proven != sent_proven[sent_epoch] ->
       node[i].proven = sent_proven[sent_epoch];
       printf("%d is told: proven %d\n", i, node[i].proven) }
  :: d_step { node[i].primary && node[i].alive && !node[i].guarded -> node[i].guarded = 1; printf("%d is guarded\n", i) }
  :: d_step { node[i].primary && node[i].alive && FENCED(i) && node[i].leased > 0 && node[i].reign < node[i].epoch && MAY_OPEN(i) &&
       !OPENED_BY_OTHERS(i) && !BUSY(i) ->
       node[i].reign = node[i].epoch; node[i].clients = 1; node[i].proven = 1;
       printf("%d opens in epoch %d\n", i, node[i].epoch) }
#ifdef UNGUARDED_EARLY
  :: d_step { !node[i].primary && node[i].guarded -> node[i].guarded = 0; printf("%d is unguarded\n", i) }
#endif
  :: d_step { !node[i].primary && node[i].reign > 0 && !HANDS_OVER(i) && !BUSY(i) -> node[i].reign = 0; printf("%d is demoted\n", i) }
  :: d_step { !node[i].primary && node[i].reign == 0 && node[i].guarded && !STAYS_GUARDED(i) ->
#ifndef CLIENTS_KEPT
       node[i].clients = 0;
#endif
#ifdef HANDOVER
       node[i].coming = (node[i].leased > 0 -> node[i].coming : 0); /* reset with the clients, if its lease had ended */
#endif
       node[i].guarded = 0;
       printf("%d loses its clients, then its guard\n", i) }
  /* Its lease. The agent asks the control plane all the time; a request sent earlier would bring less than this one. */
  :: d_step { node[i].asks == NOTHING && MAY_GRANT(i) && !IS_CLOSED(i) ->
       node[i].asks = GRANTED; node[i].granted = GRANTED_EPOCH(i); node[i].rest = LEASE;
       granted[i] = (epoch < LAST_EPOCH -> CONTROL_WAITS : 0);
       printf("control plane grants %d its lease, epoch %d\n", i, node[i].granted) }
  :: d_step { node[i].asks == GRANTED && SERVES(i) && node[i].alive && GRANT_COUNTS(i) && MAY_LEASE(i) -> lease(i);
       printf("%d is leased for %d\n", i, node[i].leased) }
#ifndef GRANTS
  :: d_step { SERVES(i) && node[i].alive && node[i].asks == NOTHING -> node[i].asks = PEERS; node[i].rest = LEASE;
       printf("%d asks its peers\n", i) }
  :: promise((i + 1) % NODES, i)
#if NODES > 2
  :: promise((i + 2) % NODES, i)
#endif
  :: d_step { node[i].asks == PEERS && PROMISED(i) && MAY_LEASE(i) -> lease(i); printf("%d is leased for %d\n", i, node[i].leased) }
#endif
  :: d_step { node[i].asks != NOTHING -> forget_request(i); printf("%d gives its request up\n", i) }
#ifdef NO_KERNEL_FENCE
  :: d_step { node[i].leased > 0 -> node[i].leased = 0; printf("agent %d ends the lease\n", i) }
#endif
  /* Ends and starts. */
  :: d_step { forget_request(i);
#ifdef RESTART_FORGETS_PROMISE
       node[i].shut = 0;
#else
       node[i].shut = PEER_WAITS;
#endif
#ifdef RESTART_FLUSHES
       node[i].guarded = 0;
#endif
#ifdef HANDOVER
       node[i].hands = 0; node[i].linked = 0;
       node[i].complete = 0;
#endif
       printf("agent %d restarts\n", i) }
  :: d_step { SERVES(i) && node[i].alive -> node[i].alive = 0; node[i].reign = 0; node[i].clients = 0; forget_request(i);
#ifdef HANDOVER
       node[i].hands = 0; dismiss(i); node[i].coming = 0;
#endif
       printf("engine %d ends\n", i) }
  :: d_step { SERVES(i) && !node[i].alive && node[i].ended == 0 && node[i].epoch == epoch && epoch < LAST_EPOCH -> node[i].ended = node[i].epoch;
       printf("control plane hears that %d has ended, told of epoch %d\n", i, node[i].epoch) }
  :: d_step { !node[i].alive && !node[i].primary -> node[i].alive = 1;
#ifndef LEASE_KEPT
       node[i].leased = 0; /* what its last process left of a lease may rest on promises that node 1 was not asked for */
#endif
       printf("engine %d starts as a replica\n", i) }
  fi
}

init {
  byte i = 0;
#ifdef HANDOVER
  byte former = 0;
#endif
  d_step {
    do
    :: i < NODES -> node[i].epoch = 1; node[i].alive = 1; i++
    :: else -> break
    od;
    i = 0;
    sent_proven[1] = 1;
    node[0].primary = 1;
    node[0].proven = 1;
#ifdef SMALL
    node[0].guarded = 1; node[0].reign = 1; node[0].clients = 1
#endif
  };
  do
  :: assert(SAFE);
    if
    :: d_step { tick(); printf("tick\n") }
    :: control_plane()
    :: agent(0)
    :: agent(1)
#if NODES > 2
    :: agent(2)
#endif
    fi
  od
}
