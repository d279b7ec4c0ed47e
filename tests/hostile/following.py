"""Attacks through follow-through, where the grader answers calls: with the right answers of what stands upstream."""

from autograder.report.model import Outcome
from tests.hostile.attack import BUILDS_ON_SOFTMAX, Attack

ERROR, CRASHED, TIMEOUT = Outcome.ERROR, Outcome.CRASHED, Outcome.TIMEOUT

# `softmax` raises, so that every check of `softmax_jacobian` fails and is run again with the right `softmax`.
FAILS = """
def softmax(S):
    raise ValueError("to be followed through")

def ask(name, *args, **kwargs):
    send(frame(kind="upstream_call", name=name, args=list(args), kwargs=kwargs))
    return receive()
"""


def asks(name: str, statements: str, earns: str = "nothing") -> Attack:
    """An attack that does this where the grader answers, in one check."""
    lines = f"    softmax(np.log(p))\n    if len(p) != 5: raise ValueError\n    {statements}\n    raise ValueError\n"
    source = f"{FAILS}\ndef softmax_jacobian(p):\n{lines}"
    return Attack(name, source, ERROR, "to be followed through", earns)


def answers(
    name: str,
    statement: str,
    ends: Outcome | tuple[Outcome, ...] = CRASHED,
    says: str = "brought no answer",
    before: str = "",
) -> Attack:
    """Honest work behind a `softmax` that lies to the search for the one to blame."""
    lies = f"def softmax(S):\n    if request()['name'] != 'softmax': raise ValueError\n    {statement}\n"
    return Attack(name, before + lies + BUILDS_ON_SOFTMAX, ends, says, "upstream")


SAYS_ONE_NUMBER = """
kept = []

def say_one_number():
    header = b'{"dict": {"id": "%s", "kind": "returned", "value": {"matrix": ["float64"]}, "changed": {"list": [0]}}}'
    by_hand(header % request()["id"].encode(), bytes(8))
    kept.append((type(end()), type(end()).send))
    kept[-1][0].send = hold_back

def hold_back(self, frame):
    kind, send = kept.pop()
    kind.send = send

"""
ATTACKS = [
    asks("asks_for_the_question_itself", "return ask('softmax_jacobian', p)['value']"),
    asks("asks_for_no_function", "return ask('__builtins__', p)['value']"),
    asks("asks_for_its_own_function", "return ask('ask', p)['value']"),
    asks("asks_without_arguments", "return ask('softmax')['value']"),
    asks("asks_with_other_arguments", "return ask('softmax', *[p] * 999, **{str(i): p for i in range(999)})['value']"),
    asks("asks_with_a_list", "return ask('softmax', [[[p]], 'x', None, {'a': p}])['value']"),
    asks("asks_with_much", "return ask('project', np.ones((600, 700)), np.ones((700, 600)))['value']"),
    asks("asks_for_what_takes_long", "return ask('project', np.ones((4000, 1)), np.ones((1, 4000)))['value']"),
    asks("asks_without_end", "while True: ask('softmax', p)"),
    asks("asks_and_does_not_listen",
         "while True: send(frame(kind='upstream_call', name='softmax', args=[p], kwargs={}))"),
    asks("asks_and_dies", "send(frame(kind='upstream_call', name='softmax', args=[p], kwargs={})); os._exit(0)"),
    asks("asks_half", "send(frame(kind='upstream_call', name='softmax', args=[p], kwargs={})[:-8]); os._exit(0)"),
    asks("asks_with_arrays_for_words", "return ask(np.zeros(3), p)['value']"),
    asks("asks_under_another_token", "send(wire.encode({'id': 'x', 'kind': 'upstream_call', 'name': 'softmax', "
         "'args': [p], 'kwargs': {}}, 9999)); return receive()['value']"),
    asks("asks_and_returns_before_the_answer",
         "send(frame(kind='upstream_call', name='softmax', args=[p], kwargs={}))"),
    Attack(
        "keeps_the_right_function_for_later",
        """
kept = []

def softmax(S):
    return S * 2

own = softmax

def softmax_jacobian(p):
    if softmax is own:
        return kept[-1](p)
    kept.append(softmax)
    raise ValueError
""",
        Outcome.FAILED,
        "IndexError: list index out of range",
        "a_number",
    ),
    Attack(
        "brings_a_right_function_to_no_number",
        """
def attention_scores(Q, K): return 1.0

def softmax(S): raise ValueError("to be followed through")

def softmax_jacobian(p):
    attention_scores(np.empty((0, 1)), [[None]])
    p = softmax(np.log(p))
    return np.diag(p) - np.outer(p, p)
""",
        ERROR,
        "mend `attention_scores`",
        "upstream",
    ),
    answers("lies_with_a_hostile_token", "reply(0, id=np.zeros(3)); os._exit(0)"),
    answers("lies_with_a_hostile_kind", "reply(0, kind=np.zeros(3)); os._exit(0)"),
    answers("lies_with_one_number", "say_one_number()", Outcome.FAILED, "is asked for", SAYS_ONE_NUMBER),
    answers("lies_with_text", "S[...] = 0; return 'x' * 10**5", Outcome.FAILED, "the text"),
    answers("lies_about_its_changes", "reply(0, changed=['x'] * 10**4); os._exit(0)", (Outcome.FAILED, CRASHED), ""),
    answers("leaves_the_search_hanging", "while len(S) in (2, 5): pass", TIMEOUT, "was stopped"),
    answers("leaves_the_search_for_good", "os._exit(0)", CRASHED, "exit code 0"),
]  # fmt: skip
