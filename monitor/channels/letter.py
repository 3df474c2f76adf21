"""An alert as a mail: text and HTML, known by one Message-ID at every repeat."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from monitor import __version__
from monitor.channels.letter_html import html
from monitor.model.alerts import Form, Rendered
from monitor.text.plain import clean


def letter(message: Rendered, *, sender: Address, recipients: tuple[Address, ...], at: datetime) -> EmailMessage:
    """The mail. Its Message-ID is made of the public id, so that a repeat is the same mail to whoever gets it.

    No word of a feed can add or break a header: subjects are one clean line, and the policy refuses line ends.
    """
    mail = EmailMessage(policy=SMTP)
    domain = sender.domain or "localhost"
    mail["Subject"] = " ".join(clean(message.subject).split())
    mail["From"] = sender
    mail["To"] = recipients
    mail["Date"] = at
    mail["Message-ID"] = _name(message.public_id, domain)
    if first := _followed(message):
        # The mail of the first alert: mail programs show this one below it.
        mail["In-Reply-To"] = mail["References"] = _name(first, domain)
    mail["List-Id"] = f"tocsin alerts <tocsin.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # out-of-office replies stay away
    mail["X-Entity-Ref-ID"] = message.public_id
    mail["X-Mailer"] = f"tocsin/{__version__}"
    mail.set_content(message.text + "\n", cte="quoted-printable")
    if page := _page(message):
        mail.add_alternative(page, subtype="html", cte="quoted-printable")
    return mail


def _page(message: Rendered) -> str:
    """The HTML part: the owner's, or ours where the text is ours too; none in the short form."""
    if message.html:
        return clean(message.html) + "\n"
    return html(message) if message.form is Form.FULL and not message.is_templated else ""


def _name(public_id: str, domain: str) -> str:
    return f"<{public_id}.tocsin@{domain}>"


def _followed(message: Rendered) -> str:
    """The public id of the first alert that a message goes on from; a list of alerts stands for itself."""
    if message.title:
        return ""
    followed = {item.alert.content.follows for item in message.items}
    return followed.pop() if len(followed) == 1 else ""
