"""Every key of the product in one table: screens bind from it, the footer, the help and the docs read it.

Lower-case letters act on the selected card, capital letters go to a place, digits go to the numbered fix. What a
Chinese input method makes of `>` `<` `?` `/` works too, and every daily action has a key that no input method swallows.
"""

from __future__ import annotations

from collections.abc import Iterable

from salestui.dataclass import dataclass
from salestui.i18n import mark, pgettext


@dataclass(frozen=True, slots=True)
class Key:
    """One action and its keys.

    `id` is stable: users remap by it in the config file. `keys` are Textual key names or characters, separated by
    commas; `label` is what the footer shows. `verb` (footer) and `help` are English source texts, to be translated
    when shown. `leaving` keys stand at the right of the footer; `footer` False keeps a key out of it.
    """

    id: str
    keys: str
    label: str
    verb: str
    help: str
    leaving: bool = False
    footer: bool = True

    @property
    def place(self) -> str:
        """The place of the key: the part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def action(self) -> str:
        """The name of the screen's action: the part of the id after the dot."""
        return self.id.partition(".")[2]


PLACES: dict[str, str] = {
    "app": mark("Everywhere"),
    "board": mark("Board"),
    "gate": mark("Gate panel"),
    "deal": mark("Deal"),
    "form": mark("Forms"),
    "conflict": mark("Changed by two"),
    "output": mark("Outputs"),
    "revisions": mark("Revisions"),
    "review": mark("Reviews"),
    "score": mark("Scoring"),
    "agenda": mark("Agenda"),
    "waiting": mark("Waiting for me"),
    "list": mark("Lists"),
    "move": mark("Moving in a list"),
    "customer": mark("Customer"),
    "campaign": mark("Campaign"),
    "import": mark("Import"),
    "welcome": mark("Welcome"),
    "explained": mark("A choice with explanations"),
    "reader": mark("Handbook"),
    "history": mark("History"),
    "closed": mark("Closed deals"),
    "report": mark("Reports"),
    "settings": mark("Settings"),
    "upgrade": mark("Playbook upgrade"),
    "help": mark("Help"),
    "palette": mark("Commands"),
}

KEYS: tuple[Key, ...] = (
    Key("board.advance", ">,》,＞,shift+right,f8", ">", mark("advance"), mark("Move the card right, if its gate is open")),
    Key("board.back", "<,《,＜,shift+left,f7", "<", mark("back"), mark("Move the card left, with a reason")),
    Key("board.open", "enter", "enter", mark("open"), mark("Open the deal")),
    Key("board.outputs", "o", "o", mark("outputs"), mark("Fill in an output of the deal")),
    Key("board.score", "s", "s", mark("score"), mark("Score the customer")),
    Key("board.talk", "t", "t", mark("talk"), mark("Log a talk: phone, visit, e-mail or video")),
    Key("board.follow_up", "f", "f", mark("follow-up"), mark("Plan the next step")),
    Key("board.mark", "x,space", "x", mark("mark"), mark("Mark the card, to act on several at once")),
    Key("board.new", "n,f4,insert", "n", mark("new"), mark("New deal; with a new or a known customer")),
    Key("board.agenda", "A,f6", "A", mark("agenda"), mark("What is due: summaries, follow-ups, scores, reviews")),
    Key("board.gate", "g,f3", "g", mark("gate"), mark("Unfold what is missing for the next stage, and how to mend it")),
    Key("board.classify", "c", "c", mark("classify"), mark("Put the customer on one of the campaign's lists"), footer=False),
    Key("board.review", "r", "r", mark("review"), mark("Ask for a review, or vote"), footer=False),
    Key("board.exception", "e", "e", mark("exception"), mark("Grant an exception for one requirement"), footer=False),
    Key("board.lose", "d", "d", mark("lose"), mark("Close the deal as lost"), footer=False),
    Key("board.park", "p", "p", mark("care list"), mark("Put the deal on the care list"), footer=False),
    Key("board.edit", "i", "i", mark("edit"), mark("Change the deal's own fields"), footer=False),
    Key("board.filter", "/,、,／,ctrl+f", "/", mark("filter"), mark("Filter the cards by name, owner, grade or id"), footer=False),
    Key("board.campaign", "m", "m", mark("campaign"), mark("Choose which campaign the board shows"), footer=False),
    Key("board.owner", "w", "w", mark("owner"), mark("Choose whose deals the board shows"), footer=False),
    Key("board.closed", "z", "z", mark("closed"), mark("Completed, lost and parked deals; reopen one"), footer=False),
    Key("board.density", "v", "v", mark("density"), mark("Air between the cards, or none"), footer=False),
    Key("board.left", "left,h", "h", mark("left"), mark("One column to the left"), footer=False),
    Key("board.right", "right,l", "l", mark("right"), mark("One column to the right"), footer=False),
    Key("board.up", "up,k", "k", mark("up"), mark("One card up"), footer=False),
    Key("board.down", "down,j", "j", mark("down"), mark("One card down"), footer=False),
    Key("board.page_up", "pageup,ctrl+b", "pgup", mark("page up"), mark("Half a page up"), footer=False),
    Key("board.page_down", "pagedown,ctrl+d", "pgdn", mark("page down"), mark("Half a page down"), footer=False),
    Key("board.top", "home", "home", mark("top"), mark("To the first card of the column"), footer=False),
    Key("board.bottom", "end,G", "end", mark("bottom"), mark("To the last card of the column"), footer=False),
    Key("board.leave", "escape,q", "esc", mark("close"), mark("Close the panel, the filter or the marks"), leaving=True),
    Key("board.help", "?,？,f1", "?", mark("help"), mark("Keys of this place and what the handbook says"), leaving=True),
    Key("app.waiting", "V", "V", mark("waiting for me"), mark("Reviews that wait for my vote, to read and decide one after the other"), footer=False),
    Key("app.customers", "C", "C", mark("customers"), mark("Customers and their contacts"), footer=False),
    Key("app.campaigns", "M", "M", mark("campaigns"), mark("Campaigns"), footer=False),
    Key("app.handbook", "B", "B", mark("handbook"), mark("Read the handbook"), footer=False),
    Key("app.history", "H", "H", mark("history"), mark("Who did what, when and why"), footer=False),
    Key("app.care", "L", "L", mark("care list"), mark("Parked deals and when to look again"), footer=False),
    Key("app.report", "R", "R", mark("reports"), mark("Figures of the team and of each rep"), footer=False),
    Key("app.import", "I", "I", mark("import"), mark("Import customers from a file"), footer=False),
    Key("app.upgrade", "U", "U", mark("playbooks"), mark("Compare playbook versions and move deals over"), footer=False),
    Key("app.settings", "S", "S", mark("settings"), mark("Language, theme and density"), footer=False),
    Key("app.back_up", "f12", "f12", mark("back up"), mark("Back up the database with its files, and check the copy"), footer=False),
    Key("app.palette", "ctrl+p", "ctrl+p", mark("commands"), mark("Every command by name"), footer=False),
    Key("app.redraw", "ctrl+l", "ctrl+l", mark("redraw"), mark("Draw the whole screen anew, when something else wrote on it"), footer=False),
    Key("app.quit", "ctrl+q", "ctrl+q", mark("quit"), mark("Leave salestui; drafts are kept"), footer=False),
    Key("gate.fix", "1,2,3,4,5,6,7,8,9", "1-9", mark("fix it"), mark("Go straight to the fix with this number")),
    Key("gate.choose", "enter", "enter", mark("fix"), mark("Mend the line under the cursor")),
    Key("gate.exception", "e", "e", mark("exception"), mark("Grant an exception for this line")),
    Key("gate.met", "tab", "tab", mark("what is met"), mark("Show what is met")),
    Key("deal.advance", ">,》,＞,shift+right,f8", ">", mark("advance"), mark("Move the deal right, if its gate is open")),
    Key("deal.back", "<,《,＜,shift+left,f7", "<", mark("back"), mark("Move the deal left, with a reason"), footer=False),
    Key("deal.open", "enter", "enter", mark("open"), mark("Open the line under the cursor")),
    Key("deal.tick", "space", "space", mark("tick"), mark("Tick the key action under the cursor, or take it back")),
    Key("deal.review", "r", "r", mark("review"), mark("Ask for a review, or vote")),
    Key("deal.talk", "t", "t", mark("talk"), mark("Log a talk")),
    Key("deal.follow_up", "f", "f", mark("follow-up"), mark("Plan the next step")),
    Key("deal.score", "s", "s", mark("score"), mark("Score the customer")),
    Key("deal.outputs", "o", "o", mark("outputs"), mark("Fill in any output of the deal"), footer=False),
    Key("deal.classify", "c", "c", mark("classify"), mark("Put the customer on one of the campaign's lists"), footer=False),
    Key("deal.moved", "m", "m", mark("moved"), mark("Something moved at the customer (budget, people): its score is due again"), footer=False),
    Key("deal.contact", "a", "a", mark("contact"), mark("Add a contact"), footer=False),
    Key("deal.exception", "e", "e", mark("exception"), mark("Grant an exception for the line under the cursor"), footer=False),
    Key("deal.sent", "y", "y", mark("mark sent"), mark("Record that an output went to the customer"), footer=False),
    Key("deal.withdraw", "u", "u", mark("withdraw"), mark("Withdraw the output under the cursor, with a reason"), footer=False),
    Key("deal.export", "x", "x", mark("export"), mark("Write the output under the cursor as Word or Markdown"), footer=False),
    Key("deal.why", "w", "w", mark("why"), mark("Why the handbook asks for the line under the cursor"), footer=False),
    Key("deal.edit", "i", "i", mark("edit"), mark("Change the deal's own fields"), footer=False),
    Key("deal.customer", "v", "v", mark("customer"), mark("Open the customer"), footer=False),
    Key("deal.lose", "d", "d", mark("lose"), mark("Close the deal as lost"), footer=False),
    Key("deal.park", "p", "p", mark("care list"), mark("Put the deal on the care list"), footer=False),
    Key("deal.reopen", "z", "z", mark("reopen"), mark("Reopen a lost or parked deal"), footer=False),
    Key("deal.pane", "tab", "tab", mark("other pane"), mark("Between conditions, and customer and history")),
    Key("deal.up", "up,k", "k", mark("up"), mark("One line up"), footer=False),
    Key("deal.down", "down,j", "j", mark("down"), mark("One line down"), footer=False),
    Key("deal.leave", "escape,q", "esc", mark("board"), mark("Back to the board"), leaving=True),
    Key("deal.help", "?,？,f1", "?", mark("help"), mark("Keys of this place and what the handbook says"), leaving=True),
    Key("form.save", "ctrl+s,f2", "ctrl+s", mark("save"), mark("Save; an output becomes a new revision")),
    Key("form.review", "ctrl+r", "ctrl+r", mark("ask for review"), mark("Save and ask for the review")),
    Key("form.leave", "escape", "esc", mark("leave"), mark("Leave; what was typed stays as a draft"), leaving=True),
    Key("form.help", "f1", "f1", mark("help"), mark("What the handbook says about this field"), leaving=True),
    Key("form.drop", "f8", "f8", mark("drop the draft"), mark("Forget what was typed and not saved"), footer=False),
    Key("conflict.save", "ctrl+s,f2", "ctrl+s", mark("save mine"), mark("Save what you typed over what the other saved; what you gave up stays his")),
    Key("conflict.swap", "1,2,3,4,5,6,7,8,9", "1-9", mark("mine or theirs"), mark("Take the other's content in this field, or yours again")),
    Key("conflict.up", "up,k", "k", mark("up"), mark("Scroll up"), footer=False),
    Key("conflict.down", "down,j", "j", mark("down"), mark("Scroll down"), footer=False),
    Key("conflict.page_up", "pageup,ctrl+b", "pgup", mark("page up"), mark("Half a page up"), footer=False),
    Key("conflict.page_down", "pagedown,ctrl+d", "pgdn", mark("page down"), mark("Half a page down"), footer=False),
    Key("conflict.leave", "escape,q", "esc", mark("back to the form"), mark("Back to the form; both are brought together in it, nothing is saved"), leaving=True),
    Key("conflict.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("output.revisions", "ctrl+o,f6", "ctrl+o", mark("revisions"), mark("Compare revisions field by field; restore an old one, drop the draft")),
    Key("output.open_file", "f4,ctrl+g", "f4", mark("open file"), mark("Open the attached file under the cursor, or choose one"), footer=False),
    Key("output.vote", "r", "r", mark("review"), mark("While it is under review: vote, or recall the review"), footer=False),
    Key("revisions.up", "up,k", "k", mark("up"), mark("The revision above"), footer=False),
    Key("revisions.down", "down,j", "j", mark("down"), mark("The revision below"), footer=False),
    Key("revisions.older", "left,h", "h", mark("older"), mark("Compare with the revision before")),
    Key("revisions.newer", "right,l", "l", mark("newer"), mark("Compare with the revision after"), footer=False),
    Key("revisions.page_up", "pageup,ctrl+b", "pgup", mark("page up"), mark("Half a page up"), footer=False),
    Key("revisions.page_down", "pagedown,ctrl+d", "pgdn", mark("page down"), mark("Half a page down"), footer=False),
    Key("revisions.restore", "r,enter", "r", mark("restore"), mark("Submit the content of this revision again, as a new one")),
    Key("revisions.discard", "d,delete", "d", mark("drop the draft"), mark("Forget what was typed and not submitted")),
    Key("revisions.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("revisions.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("review.pick", "1,2,3,4,5,6,7,8,9", "1-9", mark("choose"), mark("Do what stands behind this number")),
    Key("review.choose", "enter", "enter", mark("choose"), mark("Do what the cursor stands on")),
    Key("review.up", "up,k", "k", mark("up"), mark("One line up"), footer=False),
    Key("review.down", "down,j", "j", mark("down"), mark("One line down"), footer=False),
    Key("review.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("review.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("score.save", "ctrl+s,f2", "ctrl+s", mark("save"), mark("Save the score; the grade follows at once")),
    Key("score.drop", "f8", "f8", mark("drop the draft"), mark("Forget what was scored and not saved"), footer=False),
    Key("score.leave", "escape", "esc", mark("leave"), mark("Leave; what was typed stays as a draft"), leaving=True),
    Key("score.help", "?,？,f1", "?", mark("help"), mark("What the handbook says about scoring"), leaving=True),
    Key("agenda.open", "enter", "enter", mark("do it"), mark("Do what is due: write the summary, log the talk, score")),
    Key("agenda.done", "d", "d", mark("done"), mark("Log that it was done")),
    Key("agenda.postpone", "p", "p", mark("postpone"), mark("Put it off to another day")),
    Key("agenda.talk", "t", "t", mark("talk"), mark("Log a talk")),
    Key("agenda.deal", "o", "o", mark("deal"), mark("Open the deal")),
    Key("agenda.owner", "w", "w", mark("whose"), mark("Mine or everybody's")),
    Key("agenda.leave", "escape,q", "esc", mark("board"), mark("Back to the board"), leaving=True),
    Key("agenda.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("waiting.open", "enter", "enter", mark("review"), mark("Open the review: who voted, the vote with its comment")),
    Key("waiting.read", "o,space,f3", "o", mark("read"), mark("Read what is reviewed")),
    Key("waiting.approve", "a,f8", "a", mark("approve"), mark("Approve what was read")),
    Key("waiting.ask_change", "c,f7", "c", mark("ask for a change"), mark("Ask for a change, with what is to be changed")),
    Key("waiting.reject", "x,delete", "x", mark("reject"), mark("Reject, with the reason")),
    Key("waiting.deputy", "d,f9", "d", mark("deputy"), mark("Name who votes for you while you are absent, or end it")),
    Key("waiting.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("waiting.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("list.open", "enter", "enter", mark("open"), mark("Open the line under the cursor")),
    Key("list.new", "n,f4,insert", "n", mark("new"), mark("New one")),
    Key("list.edit", "i", "i", mark("edit"), mark("Change the line under the cursor")),
    Key("list.filter", "/,、,／,ctrl+f", "/", mark("filter"), mark("Filter the list")),
    Key("list.export", "x", "x", mark("export"), mark("Write the list as an Excel or CSV file"), footer=False),
    Key("list.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("list.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("move.up", "up,k", "k", mark("up"), mark("One line up"), footer=False),
    Key("move.down", "down,j", "j", mark("down"), mark("One line down"), footer=False),
    Key("move.page_up", "pageup,ctrl+b", "pgup", mark("page up"), mark("Half a page up"), footer=False),
    Key("move.page_down", "pagedown,ctrl+d", "pgdn", mark("page down"), mark("Half a page down"), footer=False),
    Key("move.top", "home", "home", mark("top"), mark("To the first line"), footer=False),
    Key("move.bottom", "end,G", "end", mark("bottom"), mark("To the last line"), footer=False),
    Key("customer.open", "enter", "enter", mark("open"), mark("Open the line under the cursor")),
    Key("customer.edit", "i", "i", mark("edit"), mark("Change what is known of the company")),
    Key("customer.pane", "tab", "tab", mark("other pane"), mark("Between the customer's lists, and company and history")),
    Key("customer.contact", "a", "a", mark("contact"), mark("Add a contact")),
    Key("customer.remove", "x,delete", "x", mark("remove"), mark("Take the contact under the cursor off")),
    Key("customer.new", "n,f4,insert", "n", mark("new deal"), mark("New deal with this customer")),
    Key("customer.talk", "t", "t", mark("talk"), mark("Log a talk about the deal under the cursor, or the running one")),
    Key("customer.classify", "c", "c", mark("classify"), mark("Put the customer on one of the campaign's lists")),
    Key("customer.score", "s", "s", mark("score"), mark("Score the customer")),
    Key("customer.erase", "E", "E", mark("erase"), mark("Erase a person's data, on his request; administrators only"), footer=False),
    Key("customer.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("customer.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("campaign.open", "enter", "enter", mark("open"), mark("Open the line under the cursor")),
    Key("campaign.classify", "c", "c", mark("classify"), mark("Put the customer under the cursor on one of the lists")),
    Key("campaign.pane", "tab", "tab", mark("other pane"), mark("Between the campaign's lists, and what it is about")),
    Key("campaign.outputs", "o", "o", mark("outputs"), mark("Fill in an output of the campaign")),
    Key("campaign.new", "n,f4,insert", "n", mark("new deal"), mark("New deal in this campaign")),
    Key("campaign.customer", "a", "a", mark("customer"), mark("Add a customer to the campaign")),
    Key("campaign.edit", "i", "i", mark("edit"), mark("Change the campaign")),
    Key("campaign.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("campaign.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("import.run", "ctrl+s,f2", "ctrl+s", mark("import"), mark("Import what was judged good")),
    Key("import.open", "enter", "enter", mark("change"), mark("Say which field the column under the cursor is")),
    Key("import.path", "f,ctrl+f", "f", mark("file"), mark("Choose another file")),
    Key("import.campaign", "m", "m", mark("campaign"), mark("Choose the campaign to import into")),
    Key("import.stages", "s", "s", mark("stages"), mark("Put rows into the stage a column names, by exceptions")),
    Key("import.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("import.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("welcome.sample", "1", "1", mark("sample data"), mark("Look at sample data first"), footer=False),
    Key("welcome.begin", "2", "2", mark("begin"), mark("Start with an empty pipeline"), footer=False),
    Key("welcome.import", "3", "3", mark("import"), mark("Start with a file of customers"), footer=False),
    Key("welcome.open", "enter", "enter", mark("choose"), mark("Do what is under the cursor")),
    Key("welcome.language", "L,f5", "L", mark("中文"), mark("The other language")),
    Key("welcome.leave", "escape,q", "esc", mark("board"), mark("To the empty board"), leaving=True),
    Key("welcome.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("explained.choose", "enter", "enter", mark("choose"), mark("Do what is under the cursor")),
    Key("explained.language", "L,f5", "L", mark("中文"), mark("The other language")),
    Key("explained.leave", "escape,q", "esc", mark("leave"), mark("Leave without choosing"), leaving=True),
    Key("explained.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("reader.chapter", "1,2,3,4,5,6,7,8,9", "1-9", mark("stage"), mark("To the stage or chapter with this number")),
    Key("reader.search", "/,、,／,ctrl+f", "/", mark("search"), mark("Search the handbook")),
    Key("reader.next", "n", "n", mark("next find"), mark("Next place found")),
    Key("reader.previous", "N,p", "N", mark("previous find"), mark("Previous place found"), footer=False),
    Key("reader.part", "tab,J", "tab", mark("section"), mark("To the next section or output")),
    Key("reader.part_back", "shift+tab,K", "K", mark("section"), mark("To the previous section or output"), footer=False),
    Key("reader.right", "right,l", "l", mark("next stage"), mark("To the next stage"), footer=False),
    Key("reader.left", "left,h", "h", mark("previous stage"), mark("To the previous stage"), footer=False),
    Key("reader.playbook", "m", "m", mark("handbook"), mark("Read another handbook")),
    Key("reader.export", "x", "x", mark("print"), mark("Write the handbook as one document, in either language")),
    Key("reader.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("reader.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("history.open", "enter", "enter", mark("open"), mark("Open the deal or customer of the line")),
    Key("history.filter", "/,、,／,ctrl+f", "/", mark("filter"), mark("Filter the history by any words")),
    Key("history.person", "w", "w", mark("by whom"), mark("Only what one person did")),
    Key("history.all", "a", "a", mark("everything"), mark("Everything, or this deal or customer alone")),
    Key("history.day", "J", "J", mark("day"), mark("To the day before")),
    Key("history.day_back", "K", "K", mark("day"), mark("To the day after"), footer=False),
    Key("history.export", "x", "x", mark("export"), mark("Write the history as JSON lines or CSV"), footer=False),
    Key("history.check", "v", "v", mark("verify"), mark("Look whether the history stands as it was written"), footer=False),
    Key("history.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("history.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("closed.open", "enter", "enter", mark("open"), mark("Open the deal")),
    Key("closed.reopen", "z", "z", mark("reopen"), mark("Bring the lost or parked deal back to its stage")),
    Key("closed.tab", "tab,right,l", "tab", mark("next list"), mark("Care list, lost, completed")),
    Key("closed.tab_back", "shift+tab,left,h", "h", mark("list before"), mark("Completed, lost, care list"), footer=False),
    Key("closed.list", "1,2,3", "1-3", mark("list"), mark("To the list with this number"), footer=False),
    Key("closed.owner", "w", "w", mark("whose"), mark("Mine or everybody's")),
    Key("closed.filter", "/,、,／,ctrl+f", "/", mark("filter"), mark("Filter by name, reason, competitor or owner")),
    Key("closed.export", "x", "x", mark("export"), mark("Write the care list as an Excel or CSV file"), footer=False),
    Key("closed.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("closed.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("report.open", "enter", "enter", mark("open"), mark("The figures of the rep under the cursor, or the deal of an exception")),
    Key("report.back", "left,h", "h", mark("month before"), mark("The month before")),
    Key("report.forward", "right,l", "l", mark("month after"), mark("The month after")),
    Key("report.span", "v", "v", mark("span"), mark("A month, a quarter or a year")),
    Key("report.person", "w", "w", mark("whose"), mark("Choose whose figures to see, or the team's")),
    Key("report.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("report.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("settings.change", "enter,space,right,l", "enter", mark("change"), mark("The next choice, or the form of the line")),
    Key("settings.hand_over", "o,f7", "o", mark("hand over"), mark("Give the open work of the person under the cursor to somebody else"), footer=False),
    Key("settings.change_back", "left,h", "h", mark("back"), mark("The choice before"), footer=False),
    Key("settings.pick", "1,2,3,4,5", "1-5", mark("choose"), mark("The choice with this number")),
    Key("settings.new", "n,f4,insert", "n", mark("new user"), mark("Add a user, as an administrator")),
    Key("settings.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("settings.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("upgrade.mark", "x,space", "x", mark("mark"), mark("Mark the deal, to move only those marked")),
    Key("upgrade.all", "a", "a", mark("mark all"), mark("Mark every deal that can be moved, or none")),
    Key("upgrade.run", "ctrl+s,f2", "ctrl+s", mark("move over"), mark("Move the marked deals, or all, to the other version")),
    Key("upgrade.version", "m", "m", mark("version"), mark("Choose another playbook or version")),
    Key("upgrade.open", "enter", "enter", mark("open"), mark("Open the deal")),
    Key("upgrade.leave", "escape,q", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("upgrade.help", "?,？,f1", "?", mark("help"), mark("Keys of this place"), leaving=True),
    Key("help.leave", "escape,q,question_mark,？,f1", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
    Key("palette.leave", "escape,ctrl+p", "esc", mark("return"), mark("Back to where you came from"), leaving=True),
)  # fmt: skip

BY_ID: dict[str, Key] = {key.id: key for key in KEYS}


def of(place: str) -> tuple[Key, ...]:
    """Return the keys of one place, in the order of their use."""
    return tuple(key for key in KEYS if key.place == place)


def remapped(key: Key, keymap: Iterable[tuple[str, str]]) -> str:
    """Return the keys of an action after the user's own keymap."""
    return dict(keymap).get(key.id, key.keys)


_CAPS = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "question_mark": "?", "delete": "del", "insert": "ins"}
_FULL_WIDTH = frozenset("》《＞＜？、／")


def names(pressed: str) -> tuple[str, ...]:
    """Return keys as they are printed on a keyboard, without the full-width forms that an input method makes of them."""
    arrows = {
        "left": pgettext("key", "left"),
        "right": pgettext("key", "right"),
        "up": pgettext("key", "up"),
        "down": pgettext("key", "down"),
    }
    found = []
    for key in pressed.split(","):
        if key not in _FULL_WIDTH:
            *held, last = key.split("+") if len(key) > 1 else [key]
            found.append("+".join((*held, arrows.get(last, _CAPS.get(last, last)))))
    if len(found) > 2 and all(name.isdigit() for name in found):
        return (f"{found[0]}-{found[-1]}",)
    return tuple(dict.fromkeys(found))
