"""Where what stands in Moodle's grading worksheet, in any language, and how it writes numbers.

Its columns have a fixed order (mod/assign/gradingtable.php in https://github.com/moodle/moodle): the identifier comes
first, and the grade right before its maximum. Titles are in the language of whoever downloaded it; the words below are
those of Moodle's language packs. In a language that is not among them, the maximum is found by its values.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from autograder.classroom.csv_file import CsvFile
from autograder.errors import UserError
from autograder.publish.lms import messages
from autograder.publish.lms.cell import POINTS_DECIMALS, Numbers, read_number

USERNAME, ID_NUMBER, EMAIL = "Username", "ID number", "Email address"
IDS = (USERNAME, ID_NUMBER, EMAIL)  # by which Moodle finds a user, in its own words
IDENTIFIER, GRADE, GRADED, MAXIMUM = "Identifier", "Grade", "Last modified (grade)", "Maximum grade"
NUMBERED = re.compile(r"\D*\d+")  # `Participant 123`, in any language


@dataclass(frozen=True)
class Words:
    """The titles of a worksheet in one language."""

    identifier: str
    maximum: str
    comments: str
    email: str
    id_number: str
    username: str
    changeable: str
    no: str

    @property
    def ids(self) -> Mapping[str, str]:
        return {IDENTIFIER: self.identifier, USERNAME: self.username, ID_NUMBER: self.id_number, EMAIL: self.email}


ENGLISH = Words(
    *(IDENTIFIER, MAXIMUM, "Feedback comments", EMAIL, ID_NUMBER, USERNAME),
    *("Grade can be changed", "No"),
)
LANGUAGES = (
    ENGLISH,
    Words(
        *("ID", "Bestwertung", "Feedback als Kommentar", "E-Mail-Adresse", "ID-Nummer", "Anmeldename"),
        *("Bewertung kann geändert werden", "Nein"),
    ),
    Words(
        *("Identificador", "Calificación máxima", "Comentarios de retroalimentación"),
        *("Dirección de correo", "Número de ID", "Nombre de usuario"),
        *("La calificación puede ser cambiada", "No"),
    ),
    Words(
        *("Identifiant", "Note maximale", "Feedback par commentaires"),
        *("Adresse de courriel", "Numéro d’identification", "Nom d’utilisateur"),  # noqa: RUF001  (as Moodle has it)
        *("La note peut être modifiée", "Non"),
    ),
    Words(
        *("Identificativo", "Valutazione massima", "Commenti", "Indirizzo email", "Codice identificativo", USERNAME),
        *("La valutazione può essere cambiata", "No"),
    ),
    Words(
        *("Identificatie", "Maximaal cijfer", "Feedback tekstvak", "E-mailadres", "Nummer (ID)", "Gebruikersnaam"),
        *("Het cijfer kan gewijzigd worden", "Nee"),
    ),
    Words(
        *("Identificador", "Nota máxima", "Comentários de feedback"),
        *("E-mail", "Número de identificação (ID)", "Nome de utilizador"),
        *("A nota pode ser alterada.", "Não"),
    ),
    Words(
        *("Identificador", "Qualificació màxima", "Comentaris de retroacció."),
        *("Adreça electrònica", "Número ID", "Nom d'usuari"),
        *("Es pot canviar la qualificació", "No"),
    ),
    Words(
        *("Identifierare", "Maxbetyg", "Återkopplingskommentarer", "E-postadress", "ID nummer", "Användarnamn"),
        *("Betyg kan ändras", "Nej"),
    ),
    Words(
        *("Идентификатор", "Максимальная оценка", "Отзыв в виде комментария"),
        *("Адрес электронной почты", "Индивидуальный номер", "Логин"),
        *("Оценка может быть изменена", "Нет"),
    ),
    Words(*("标识符", "最高分", "反馈意见", "电子邮件地址", "学号", "用户名"), *("允许更改成绩", "否")),
    Words(
        *("ID", "最大評点", "フィードバックコメント", "メールアドレス", "IDナンバ", "ユーザ名"),
        *("評点変更可", "No"),
    ),
)


@dataclass(frozen=True)
class Worksheet:
    """The indices of a worksheet's columns; `comments` and `changeable` are None where there are none that are known.

    `ids` are by their English titles, and beside them those of the roster. `no` is the word by which `changeable` says
    that Moodle takes no grade for a row.
    """

    identifier: int
    grade: int
    maximum: int
    comments: int | None
    changeable: int | None
    no: str
    ids: Mapping[str, int]
    numbers: Numbers

    def is_locked(self, row: Sequence[str]) -> bool:
        return self.changeable is not None and row[self.changeable].strip().casefold() == self.no.casefold()


def is_worksheet(file: CsvFile) -> bool:
    """Whether a file has the titles of a worksheet in a language that is known here."""
    return any(_has(file, each.identifier, each.maximum) for each in LANGUAGES)


def read_worksheet(template: CsvFile, maxima: Collection[float], id_columns: Iterable[str]) -> Worksheet:
    """Find the columns. `maxima`: what the assignment is worth, by which a maximum is known in unknown languages.

    `id_columns` are those of the roster, which may have them in the worksheet's language. Raises UserError.
    """
    words = next((each for each in LANGUAGES if _has(template, each.identifier, each.maximum)), None)
    maximum = template.column(words.maximum) if words else _by_value(template, maxima)
    if words is ENGLISH or (maximum is None and not _is_numbered(template)):
        _require_english(template)
    identifier = 0 if words is None else template.column(words.identifier) or 0
    grade = template.column(GRADE) if words is ENGLISH else (maximum or 0) - 1
    if maximum is None or grade is None or grade <= identifier:
        raise UserError(messages.NO_MAXIMUM)
    titles = {**{name: name for name in id_columns}, **(words or ENGLISH).ids}
    ids = {name: index for name, title in titles.items() if (index := template.column(title)) is not None}
    return Worksheet(
        identifier,
        grade,
        maximum,
        template.column((words or ENGLISH).comments),
        template.column((words or ENGLISH).changeable),
        (words or ENGLISH).no,
        {**ids, IDENTIFIER: identifier},
        _numbers(template, grade, maximum),
    )


def _has(template: CsvFile, *titles: str) -> bool:
    return all(template.column(title) is not None for title in titles)


def _by_value(template: CsvFile, maxima: Collection[float]) -> int | None:
    """The first column in which every row has one and the same of these numbers, behind a column of identifiers.

    Of two such neighbours it is the second: all grades may be the best one.
    """
    if not _is_numbered(template):
        return None
    known = {Decimal(str(round(each, POINTS_DECIMALS))) for each in maxima}
    columns = [{read_number(row[index]) for row in template.rows} for index in range(len(template.header))]
    found = [index for index, values in enumerate(columns) if index > 1 and len(values) == 1 and values <= known]
    return next((index for index in found if index + 1 not in found), None)


def _is_numbered(template: CsvFile) -> bool:
    """Whether the first column has identifiers, in whatever language."""
    return bool(template.rows) and all(NUMBERED.fullmatch(row[0].strip()) for row in template.rows)


def _numbers(template: CsvFile, grade: int, maximum: int) -> Numbers:
    """As its own numbers show. Moodle reads a point in every language; a comma only where it is the language's own."""
    maxima, grades = (_signs(row[index] for row in template.rows) for index in (maximum, grade))
    sign = "," if (maxima or grades) == {","} else "."  # people write into the grades, and only Moodle into the maxima
    decimals = [len(match[1]) for row in template.rows if (match := re.search(r"[.,](\d+)\s*$", row[maximum]))]
    return Numbers(sign, max(decimals, default=0), knows_both=False)


def _signs(cells: Iterable[str]) -> set[str]:
    return {match[1] for cell in cells if (match := re.fullmatch(r"\d+([.,])\d+", cell.strip()))}


def _require_english(template: CsvFile) -> None:
    """Raises UserError where a column is missing that every worksheet in English has."""
    match [name for name in (IDENTIFIER, GRADE, GRADED) if template.column(name) is None]:
        case [first]:
            raise UserError(messages.lacks_column(first))
        case [first, second]:
            raise UserError(messages.lacks_two_columns(first, second))
        case [first, second, third]:
            raise UserError(messages.lacks_three_columns(first, second, third))
