"""Attacks that claim an answer instead of computing it: on NumPy, on Python's objects, on the wire."""

from autograder.report.model import Outcome
from tests.hostile.attack import JACOBIAN, SOFTMAX, Attack

FAILED, ERROR, CRASHED, MISSING, PASSED = (
    Outcome.FAILED,
    Outcome.ERROR,
    Outcome.CRASHED,
    Outcome.MISSING,
    Outcome.PASSED,
)
EITHER = (FAILED, CRASHED)  # a claim that the grader may read or refuse


def returns(name: str, value: str, says: str = "something of type", earns: str = "nothing") -> Attack:
    """An attack that returns `value`."""
    return Attack(name, f"def attack(x):\n    return {value}\n", FAILED, says, earns)


def hostile_object(name: str, body: str, ends: Outcome = FAILED, says: str = "something of type Hostile") -> Attack:
    """An attack that returns an object of a class with this body."""
    return Attack(name, f"class Hostile:\n{body}\n\ndef attack(x):\n    return Hostile()\n", ends, says)


def forged(
    name: str, statements: str, ends: Outcome | tuple[Outcome, ...], says: str, earns: str = "nothing"
) -> Attack:
    """An attack that writes to the wire by itself, and then leaves before anything else is written."""
    return Attack(name, f"def attack(x):\n    {statements}\n    os._exit(0)\n", ends, says, earns)


NUMPY = [
    Attack(
        "rebinds_comparisons",
        """
np.allclose = np.array_equal = np.isclose = np.testing = lambda *a, **k: True
np.isfinite = lambda x: np.ones_like(x, dtype=bool)

def attack(x):
    return np.zeros_like(x)
""",
        FAILED,
        "not as they should be",
        "a_number",
    ),
    Attack(
        "rebinds_conversions",
        """
def attack(x):
    np.asarray = np.array = np.ascontiguousarray = lambda *a, **k: "whatever you expect"
    return 0
""",
        FAILED,
        "a single number",
        "a_number",
    ),
    Attack(
        "rebinds_builtins",
        """
def attack(x):
    builtins = imp("builtins")
    builtins.isinstance = builtins.all = builtins.any = lambda *a: True
    builtins.len = lambda *a: 0
    return 0
""",
        CRASHED,
        "brought no answer",
    ),
    Attack(
        "rebinds_the_wire",
        """
def attack(x):
    wire.json.dumps = lambda *a, **k: '{"dict": {"kind": "returned", "value": "right", "changed": {"list": []}}}'
    return 0
""",
        CRASHED,
        "an answer to a call that was not made",
    ),
    Attack(
        "rebinds_the_graders_modules",
        """
for name, module in list(sys.modules.items()):
    if name.startswith("autograder"):
        for key, value in list(vars(module).items()):
            if callable(value) and key.startswith(("same", "execute", "raised")):
                setattr(module, key, lambda *a, **k: None)

def attack(x):
    x[...] = 0 if module else 1
    return x
""",
        CRASHED,
        "exit code 0",
    ),
    Attack(
        "subclass_that_equals_all",
        """
class Right(np.ndarray):
    __eq__ = __le__ = __ge__ = lambda self, other: np.ones(self.shape, bool)
    __ne__ = __lt__ = __gt__ = lambda self, other: np.zeros(self.shape, bool)
    __array_ufunc__ = lambda self, *a, **k: np.ones(self.shape, bool)
    __array_finalize__ = lambda self, other: None
    tobytes = lambda self, *a: bytes(8 * self.size)
    astype = lambda self, *a, **k: self

def attack(x):
    return np.zeros_like(x).view(Right)
""",
        FAILED,
        "not as they should be",
        "a_number",
    ),
    Attack(
        "subclass_with_another_dtype",
        """
class Odd(np.ndarray):
    dtype = property(lambda self: np.dtype("O"))
    shape = property(lambda self: (3, 5))

def attack(x):
    return np.zeros(2).view(Odd)
""",
        FAILED,
        "(2,)",
        "a_number",
    ),
    Attack(
        "odd_dtypes",
        """
calls = 0
KINDS = ["datetime64[s]", "O", "timedelta64[D]", "S5", "U7", "V3", [("a", float)], [("a" * 5000, "3f4")]]

def attack(x):
    global calls
    calls += 1
    return np.zeros(x.shape, KINDS[calls % len(KINDS)])
""",
        FAILED,
        "something of type array of",
    ),
    Attack(
        "dtype_with_a_long_name",
        'def attack(x):\n    return np.zeros(x.shape, [("\\n" * 200_000, float)])\n',
        FAILED,
        "an array of something else than numbers",
    ),
    returns("strings_as_numbers", "x.astype(str)", "an array of text"),
    returns(
        "zero_strides", "np.lib.stride_tricks.as_strided(np.zeros(1), (10**4, 10), (0, 0))", "(10000, 10)", "a_number"
    ),
    Attack(
        "zero_strides_without_end",
        "def attack(x):\n    return np.broadcast_to(np.float64(0), (10**12,))\n",
        ERROR,
        "MemoryError",
    ),
    Attack(
        "strides_out_of_memory",
        "def attack(x):\n    return np.lib.stride_tricks.as_strided(np.zeros(1), x.shape, [1 << 40] * x.ndim)\n",
        CRASHED,
        "was ended by",
    ),
    returns("empty_arrays", "np.zeros((0,) * x.ndim)", "(0, 0)", "a_number"),
    returns("object_array", "np.array([[object()] * 2] * 2)", "array of object"),
    returns("object_array_of_hostile_numbers", "np.array([np.zeros(10**5).tolist(), 1], dtype=object)", "object"),
    returns("ragged_list", "[[0.5], [0.5, 0.5]]", "a list of 2 (list, list)", "a_number"),
    returns("none_where_numbers_are", "[[0.5, None], [0.5, 0.5]]", "a list of 2"),
    returns("complex_with_a_hidden_part", "x + 1e-300j", "complex"),
    returns("nan_for_all", "np.full_like(x, np.nan)", "nan", "a_number"),
    returns("infinity_for_all", "np.full_like(x, np.inf)", "inf", "a_number"),
    returns("largest_numbers", "np.full_like(x, -1.7e308)", "-1.7e+308", "a_number"),
    returns("largest_integers", "[[2**63 - 1, 10**18]] * 2", "9.223e+18", "a_number"),
    returns("integers_without_end", "10**5000", "a single number"),
    returns("booleans", "x > 0", "not as they should be", "a_number"),
    returns("text_that_is_a_number", "'0.5'", "the text '0.5'"),
    returns("dict_of_all_answers", "{str(i): x for i in range(1000)}", "a dict of 1000"),
    returns("tuple_of_the_same", "(x,) * 100", "100", "a_number"),
    Attack(
        "agrees_with_itself",
        """
def softmax(S):
    return np.full(S.shape, 1 / S.shape[-1])

def softmax_jacobian(p):
    return np.zeros((len(p), len(p)))
""",
        FAILED,
        "not as they should be",
        "zeros",
    ),
]

OBJECTS = [
    hostile_object("equals_all", "    __eq__ = __le__ = __ge__ = lambda self, other: True\n    __hash__ = None"),
    hostile_object("array_on_request", "    __array__ = lambda self, *a, **k: np.full((2, 2), 0.5)"),
    hostile_object(
        "array_functions",
        "    __array_ufunc__ = __array_function__ = lambda self, *a, **k: True\n    __array_priority__ = 10**9",
    ),
    hostile_object(
        "array_interface",
        "    __array_interface__ = dict(shape=(2, 2), typestr='<f8', data=(8, False), version=3)",
    ),
    hostile_object("pretends_to_be_an_array", "    __class__ = property(lambda self: np.ndarray)", says="object"),
    hostile_object(
        "pretends_to_be_a_dict",
        "    __class__ = property(lambda self: dict)\n    __iter__ = lambda self: iter(())\n    items = lambda self: 1",
        ERROR,
        "TypeError",
    ),
    hostile_object(
        "array_that_exits",
        "    __class__ = property(lambda self: np.ndarray)\n    __array__ = lambda self, *a, **k: os._exit(0)",
        CRASHED,
        "exit code 0",
    ),
    hostile_object(
        "class_that_raises",
        "    @property\n    def __class__(self):\n        raise SystemExit('no class')",
        ERROR,
        "SystemExit: no class",
    ),
    hostile_object(
        "fights_every_look",
        "    def __getattribute__(self, name):\n        raise KeyboardInterrupt(name)",
        ERROR,
        "KeyboardInterrupt: __class__",
    ),
    hostile_object(
        "unpickles_to_a_command",
        "    __reduce__ = __reduce_ex__ = lambda self, *a: (os.system, ('touch @HOME@/@MARK@',))\n"
        "    __getstate__ = __deepcopy__ = __copy__ = __reduce__",
    ),
    hostile_object("cannot_be_copied", "    __deepcopy__ = __copy__ = lambda self, *a: os._exit(0)"),
    hostile_object("dies_when_forgotten", "    __del__ = lambda self: os._exit(1)"),
    Attack(
        "type_with_a_hostile_name",
        """
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
    __instancecheck__ = __subclasscheck__ = lambda *a: True

class Hostile(metaclass=Meta):
    pass

def attack(x):
    return Hostile()
""",
        ERROR,
        "ZeroDivisionError",
    ),
    Attack(
        "type_whose_name_is_no_text",
        """
class Meta(type):
    __name__ = [1] * 1000

def attack(x):
    return Meta("Hostile", (), {})()
""",
        CRASHED,
        "brought no answer",
    ),
    Attack(
        "type_with_a_name_of_lines",
        'def attack(x):\n    return type("\\n" * 200_000, (), {})()\n',
        FAILED,
        "something of type",
    ),
    Attack(
        "type_with_a_name_of_markup",
        """
def attack(x):
    return type("<script>alert(1)</script>[bold]\\x1b[2J\\u202e{{7*7}}", (), {})()
""",
        FAILED,
        "alert(1)",
    ),
    Attack(
        "subclasses_of_plain_types",
        """
class Float(float):
    __repr__ = __str__ = __float__ = lambda self: 1 / 0

class Text(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__

class Dict(dict):
    items = __iter__ = lambda self: 1 / 0

calls = 0

def attack(x):
    global calls
    calls += 1
    return [Float(1), Text("x"), Dict({Text("a"): 1}), {Text("a"): 1}][calls % 4]
""",
        FAILED,
        "something of type Text",
    ),
    Attack(
        "changes_its_answer_on_every_look",
        """
class Many(list):
    def __iter__(self):
        return iter(np.random.default_rng().normal(size=4).tolist())

def attack(x):
    return Many()
""",
        FAILED,
        "(4,)",
        "a_number",
    ),
]

WIRE = [
    forged("answers_by_hand", "reply(np.zeros((2, 2)))", FAILED, "not as they should be"),
    Attack(
        "claims_unchanged_inputs",  # no lie that pays: a copy of the input would have earned the same
        SOFTMAX.replace("softmax", "right")
        + JACOBIAN
        + """
def softmax(S):
    answer = right(S)
    S[...] = 0
    reply(answer)
    message = request()
    while (frame_ := receive()) is not None:
        message.update(frame_)
        name, args = message["name"], message["args"]
        reply({"softmax": right, "softmax_jacobian": softmax_jacobian}[name](*args))
    os._exit(0)
""",
        PASSED,
        "",
        "both",
    ),
    Attack(
        "answers_twice",
        "def attack(x):\n    reply(0, kind='raised', type='A', bases=(), message='', line=0)\n    raise ValueError\n",
        ERROR,
        "raised A",
    ),
    Attack(
        "answers_ahead",
        """
frames = [wire.encode({"id": "0" * 16, "kind": "returned", "value": 0, "changed": []}, 1 << 20)] * 50
for each in frames:
    pass
sent = [send(each) for each in frames]

def attack(x):
    return 0 * len(sent)
""",
        CRASHED,
        "not made",
    ),
    forged("answers_then_dies", "reply(np.full((2, 2), 0.5))", FAILED, "exit code 0"),
    forged("greets_again", "send(wire.encode({'id': '', 'failure': ''}, 1 << 20))", CRASHED, "not made"),
    forged("says_ready", "send(b'{\"ready\": 1}')", CRASHED, "brought no answer"),
    forged("says_loaded", "send(frame(kind='loaded'))", CRASHED, "no known kind"),
    forged("says_missing", "send(frame(kind='missing', reason='<b>none</b>'))", MISSING, "<b>none</b>"),
    forged("asks_when_not_asked", "send(frame(kind='asked', name='softmax', args=[x], kwargs={}))", CRASHED, "kind"),
    forged("token_of_another_call", "send(wire.encode({'id': '0' * 16, 'kind': 'returned'}, 99))", CRASHED, "not made"),
    forged("token_as_array", "reply(0, id=np.zeros(3))", CRASHED, "not made"),
    forged("token_as_empty_array", "reply(0, id=np.zeros(0))", CRASHED, "not made"),
    forged("kind_as_array", "reply(0, kind=np.zeros(3))", CRASHED, "no known kind"),
    forged("kind_as_list", "reply(0, kind=[np.zeros(3)])", CRASHED, "no known kind"),
    forged("changed_as_array", "reply(0, changed=np.zeros(3))", CRASHED, "no known kind"),
    forged("changed_megabytes", "reply(0, changed=['\\n' * 300_000] * 2)", EITHER, ""),
    forged("changed_hostile_names", "reply(0, changed=[-1, 10**9, '\\x1b[2J\\u202e'])", EITHER, ""),
    forged("raised_with_gigantic_line", "reply(0, kind='raised', type='A', bases=(), message='m' * 30_000, line="
           "{'label': 'l' * 30_000, 'number': 2**62, 'text': 't' * 30_000})", ERROR, "mmm"),
    forged("array_larger_than_sent", "by_hand(b'{\"array\": [\"float64\", 100000]}')", CRASHED, "more bytes than"),
    forged("array_smaller_than_sent", "by_hand(b'{\"dict\": {}}', bytes(8))", CRASHED, "does not hold one message"),
    forged("array_of_gigantic_shape", "by_hand(b'{\"array\": [\"bool\", 0, ' + b'9' * 4000 + b']}')", CRASHED, "larg"),
    forged("array_of_negative_shape", "by_hand(b'{\"array\": [\"bool\", -1, -1]}', b'1')", CRASHED, "impossible"),
    forged("array_of_true_shape", "by_hand(b'{\"array\": [\"bool\", true]}', b'1')", CRASHED, "impossible"),
    forged("array_of_dimensions", "by_hand(b'{\"array\": [\"bool\"' + b', 1' * 65 + b']}', b'1')", CRASHED, "kind"),
    forged("array_of_objects", "by_hand(b'{\"array\": [\"object\", 1]}', bytes(8))", CRASHED, "kind"),
    forged("matrix_without_dimensions", "reply(0); by_hand(b'')", FAILED, "a single number"),
    forged("booleans_that_are_two", "by_hand(b'{\"dict\": {\"id\": \"%s\", \"kind\": \"returned\", \"value\": "
           "{\"array\": [\"bool\", 2, 2]}, \"changed\": {\"list\": []}}}' % request()['id'].encode(), b'\\x02' * 4)",
           FAILED, "not as they should be"),
    forged("deep_nesting", "by_hand(b'[' * 10**5)", CRASHED, "malformed"),
    forged("nesting_one_too_deep", "by_hand(b'{\"list\": [' * 40 + b'0' + b']}' * 40)", CRASHED, "too deeply"),
    forged("integer_without_end", "by_hand(b'9' * 10**5)", CRASHED, "malformed"),
    forged("bytes_that_are_no_text", "by_hand(b'\\xff\\xfe\\x00')", CRASHED, "malformed"),
    forged("another_encoding", "by_hand('{\"dict\": {}}'.encode('utf-32'))", CRASHED, "brought no answer"),
    forged("same_key_twice", "by_hand(b'{\"dict\": {\"id\": 1, \"id\": 2}, \"dict\": {}}')", CRASHED, "not made"),
    forged("length_without_end", "send(b'\\xff' * 12)", CRASHED, "bytes where"),
    forged("frame_cut_short", "send(frame(kind='missing', reason='')[:-1])", CRASHED, "exit code 0"),
    forged("empty_frame", "by_hand(b'')", CRASHED, "malformed"),
    forged("noise_on_every_descriptor",
           "[np.random.seed(1), [os.write(fd, np.random.bytes(4096)) for fd in (0, 1, 2, 3)]]", CRASHED, "brought no"),
    forged("many_small_values", "reply([[]] * 5_000)", FAILED, "(5000, 0)"),
    Attack(
        "matrix_of_one_number",
        """
def attack(x):
    header = b'{"dict": {"id": "%s", "kind": "returned", "value": {"matrix": ["float64"]}, "changed": {"list": []}}}'
    by_hand(header % request()["id"].encode(), bytes(8))
    os._exit(0)
""",
        FAILED,
        "is asked for",
    ),
]  # fmt: skip

ATTACKS = [*NUMPY, *OBJECTS, *WIRE]
