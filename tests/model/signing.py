"""Who vouches for a document, in the model."""

from collections.abc import Callable

from tests.model.documents import GONE, DocumentBook
from tests.model.facts import Answer, Doc, Person, refused


class SigningBook(DocumentBook):
    def sign(self, number: str, *, version: int, by: Person) -> Answer:
        def write(doc: Doc) -> None:
            doc.signed = doc.total

        return self._vouch("sign", number, version, by, lambda doc: doc.queue == "pm", write, is_full=True)

    def unsign(self, number: str, *, version: int, by: Person) -> Answer:
        def write(doc: Doc) -> None:
            doc.signed, doc.client_approved = None, False

        return self._vouch("unsign", number, version, by, lambda doc: doc.is_open and doc.signed is not None, write)

    def client_approve(self, number: str, *, version: int, by: Person) -> Answer:
        def write(doc: Doc) -> None:
            doc.client_approved = True

        return self._vouch("client_approve", number, version, by, lambda doc: doc.queue == "ticket", write)

    def client_unapprove(self, number: str, *, version: int, by: Person) -> Answer:
        def write(doc: Doc) -> None:
            doc.client_approved = False

        return self._vouch(
            "client_unapprove", number, version, by, lambda doc: doc.is_open and doc.client_approved, write
        )

    def release(self, number: str, *, version: int, by: Person) -> Answer:
        def write(doc: Doc) -> None:
            doc.released = True

        return self._vouch(
            "release", number, version, by, lambda doc: doc.queue in ("pm", "ticket"), write, is_full=True, clerk=True
        )

    def take_release_back(self, number: str, *, version: int, by: Person) -> Answer:
        def write(doc: Doc) -> None:
            doc.released = False
            doc.client_approved = doc.client_approved and doc.signed is not None

        return self._vouch(
            "take_release_back", number, version, by, lambda doc: doc.queue == "admin" and doc.released, write,
            clerk=True,
        )  # fmt: skip

    def _vouch(
        self,
        act: str,
        number: str,
        version: int,
        by: Person,
        where: Callable[[Doc], bool],
        write: Callable[[Doc], None],
        *,
        is_full: bool = False,
        clerk: bool = False,
    ) -> Answer:
        """is_full: it needs a line. clerk: an administrator does it, else whoever manages the job."""
        doc = self.docs.get(number)
        if doc is None:
            return GONE
        if not where(doc) or doc.version != version:
            return refused(f"moved {number}")
        if not (by.is_administrator if clerk else by.manages(doc.job)):
            return refused(f"not_yours {number}")
        if is_full and not doc.sums.lines:
            return refused("it has no lines")
        write(doc)
        doc.version += 1
        doc.content += 1
        return self.wrote(f"invoice.{act}", by, [("invoice", number, version, doc.version)])
