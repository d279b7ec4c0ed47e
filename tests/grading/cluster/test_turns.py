"""Which worker grades what next, without any cluster."""

from __future__ import annotations

from autograder.grading.cluster.turns import AHEAD, MAX_LOSSES, ClusterWorker, Errand, Turns


def worker(address: str, threads: int = 1) -> ClusterWorker:
    return ClusterWorker(address, address, threads, is_ready=True)


def turns(count: int) -> Turns:
    made = Turns()
    for number in range(count):
        made.add(Errand(number, b""))
    return made


def numbers(taken: list[tuple[ClusterWorker, Errand]]) -> list[tuple[str, int]]:
    return [(worker.address, errand.number) for worker, errand in taken]


def lose(turns: Turns, worker: ClusterWorker) -> list[bool]:
    """All that a worker was at; returns what is to be tried again."""
    running = list(worker.running.values())
    worker.running.clear()
    return [turns.lost(errand, worker) for errand in running]


def test_no_worker_has_more_than_its_threads_and_a_few_ahead() -> None:
    one, two = worker("one"), worker("two", threads=4)
    taken = turns(100).take([one, two])
    assert (len(one.running), len(two.running)) == (1 + AHEAD, 4 + AHEAD)
    assert sorted(errand.number for _, errand in taken) == list(range(7 + 2))


def test_who_is_not_ready_gets_nothing() -> None:
    waiting = turns(3)
    other = ClusterWorker("other", "other", 8)
    assert waiting.take([other]) == []
    other.is_ready = True
    assert len(waiting.take([other])) == 3


def test_what_is_lost_once_is_graded_alone_and_the_others_go_on_beside_it() -> None:
    waiting, one, two = turns(20), worker("one"), worker("two")
    waiting.take([one, two])
    lost = list(one.running)
    assert lose(waiting, one) == [True] * len(lost)

    three = worker("three")
    taken = waiting.take([two, three])
    assert numbers(taken)[0] == ("three", lost[0])
    assert list(three.running) == [lost[0]], "a suspect is not alone"
    assert len(two.running) == 1 + AHEAD
    three.running.clear()
    assert numbers(waiting.take([two, three])) == [("three", lost[1])]


def test_a_worker_that_is_kept_free_finishes_what_it_has_first() -> None:
    waiting, one, two = turns(20), worker("one"), worker("two")
    waiting.take([one, two])
    lose(waiting, one)
    assert waiting.take([two]) == []
    two.running.popitem()
    assert waiting.take([two]) == []
    two.running.clear()
    assert len(waiting.take([two])) == 1


def test_whoever_loses_workers_alone_is_given_up_and_nobody_else() -> None:
    """One of a dozen ends each worker that it is on."""
    waiting, poison, graded, given_up = turns(12), 5, set(), []
    for attempt in range(100):
        each = worker(f"worker {attempt}")
        for _ in range(50):
            waiting.take([each])
            if poison in each.running:
                errands = list(each.running.values())
                given_up += [errand.number for errand in errands if not waiting.lost(errand, each)]
                break
            graded |= set(each.running)
            each.running.clear()
    assert given_up == [poison]
    assert graded == set(range(12)) - {poison}


def test_who_was_lost_on_one_worker_is_tried_on_another_first() -> None:
    waiting, one, two = turns(1), worker("one"), worker("two")
    for tried in range(MAX_LOSSES - 1):
        ((chosen, errand),) = waiting.take([one, two])
        chosen.running.clear()
        chosen.is_kept_free = False
        assert waiting.lost(errand, chosen)
        assert len(errand.lost_at) == tried + 1


def test_what_comes_back_ungraded_is_next_and_not_suspected() -> None:
    waiting, one = turns(10), worker("one")
    ((_, first), *_) = waiting.take([one])
    del one.running[first.number]
    waiting.again(first)
    assert numbers(waiting.take([one])) == [("one", first.number)]
    assert not one.is_kept_free
