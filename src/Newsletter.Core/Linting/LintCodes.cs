using System.Collections.Frozen;
using static Newsletter.Issues.Severity;

namespace Newsletter.Linting;

/// <summary>The table of all findings. docs/lint.md is held against it by a test.</summary>
public static class LintCodes
{
    /// <summary>The linter's own: each can be allowed in a line.</summary>
    public static IReadOnlyList<LintCode> Own { get; } =
    [
        // Front matter
        new("key-mistyped", Warning, "a key that nothing reads and that is nearly one we know", "write the key that was meant"),
        new("title-missing", Warning, "a subject and no title: archive and page are without a headline", "write `title: \"…\"`"),
        new("title-number", Error, "the number in the title or the subject is not the issue's", "write the issue's number, or rename the file"),
        new("title-date", Warning, "the date in the title is not the issue's, or lacks its year", "write the same date in both places"),
        new("title-again", Warning, "the title of the issue before", "give this one its own title"),
        new("date-missing", Info, "no date: the archive and the feed cannot say when it was", "write `date: 2026-01-31`"),
        new("date-file", Warning, "the date in the file's name is another", "rename the file, or correct the date"),
        new("date-order", Warning, "dated before the issue before it, or on the same day", "correct the date"),
        new("number-gap", Info, "between the newest issue and the one before it numbers are missing", "rename the file if the number is a slip"),
        new("number-twice", Error, "two files with one number", "rename one of them"),
        new("slug-twice", Error, "two files with one address on the web", "give one of them another `slug`"),
        new("subtitle-case", Warning, "a subtitle that begins in lower case among parts that do not: its first letter may be lost", "look at its first word"),
        new("subtitle-long", Info, "a subtitle that no list of mails shows whole", "shorten it, or write a `preheader` for the list of mails"),
        new("front-matter-blank", Info, "an empty line in the front matter", "delete it"),
        new("value-blanks", Info, "a value with odd blanks, or over several lines", "write it in one line, with one blank between words"),
        new("value-comment", Warning, "a value that YAML cuts at a #, which begins a comment", "put the value in quotes"),
        new("subject-long", Warning, "a subject that is cut in the list of mails", "put what matters first, or write a shorter `subject`"),
        new("subject-emoji", Info, "an emoji in the subject: some programs show a box", "leave it out, or look at it in the programs that matter"),
        new("subject-shouting", Warning, "capitals only, or several exclamation marks: filters count them", "write it as a sentence"),
        new("preheader-missing", Info, "nothing to show behind the subject", "write a `subtitle` or a `preheader` of 40 to 110 characters"),
        new("preheader-same", Warning, "the words behind the subject repeat it", "say what else is in the issue"),
        new("hero-missing", Warning, "the card's image is not there", "correct the path, or leave `hero-img` out"),
        new("hero-again", Warning, "the card's image was an earlier issue's", "choose another, or allow it if it is meant"),

        // Structure
        new("heading-title", Warning, "a heading of level 1 beside the title", "write ## before it"),
        new("heading-level", Warning, "a level is left out: who hears the letter looks for what is missing", "use the next level"),
        new("heading-empty", Warning, "a heading without words", "give it words, or delete its marks"),
        new("heading-space", Warning, "## without a blank is no heading and stays visible", "write a blank behind the marks"),
        new("rule-heading", Warning, "a line of dashes right below a paragraph makes a heading of it", "put an empty line above the dashes"),
        new("body-empty", Error, "an issue without text", "write it"),
        new("table-cells", Warning, "a row with more cells than its table has columns: the last are left out", "write the missing column into the head, or a backslash before a bar that is meant"),
        new("fence-open", Error, "a block of code without its end holds the rest of the issue", "write a line with the same marks behind the code"),
        new("code-prose", Warning, "a paragraph that four blanks turn to code", "take the blanks away"),
        new("comment-open", Error, "a comment without its end swallows all behind it", "write --> where it ends"),
        new("list-space", Warning, "a list mark without a blank, or a bullet in its place, is no list and stays visible", "write a blank behind the mark"),
        new("list-restart", Warning, "a numbered list that begins anew behind each item", "indent what stands between the items, or write the numbers that are meant"),
        new("table-broken", Warning, "lines with bars that are no table", "write a line such as `|---|---|` below the first one"),
        new("break-hidden", Info, "two blanks at a line's end break the line", "delete them, or write <br/> where the break is meant"),
        new("code-language", Info, "a block of code in a language that is nearly one we know", "write the one that was meant"),

        // HTML and anchors
        new("html-visible", Warning, "a broken tag that stays visible", "write the tag whole, or &lt; for a sign that is meant"),
        new("anchor-empty", Warning, "a link to # leads nowhere", "write the heading's id behind it"),
        new("anchor-missing", Warning, "a link to a place that is not there", "write the id of a heading: its words in lower case with hyphens"),
        new("anchor-hash", Warning, "an id written with #", "leave the # out of the id; it belongs into the link"),
        new("anchor-twice", Warning, "an id given twice", "give each place its own id"),
        new("client-breaks", Warning, "HTML or CSS without which words or layout are lost, unknown to a large mail program", "say it another way, or make sure that the letter can do without"),
        new("client-fades", Info, "HTML or CSS of which only an ornament is lost, unknown to a large mail program", "nothing, if the letter can do without"),
        new("client-anchor", Info, "links within the letter do nothing in some mail programs", "let no reader depend on them"),

        // Links
        new("link-empty", Error, "a link without a target", "write the address between ( and )"),
        new("link-space", Error, "a blank in the target: no link, and its Markdown is visible", "write %20 for the blank, or delete it"),
        new("link-visible", Error, "a link that Markdown does not take for one stays visible", "write [text](https://…) without a blank between ] and (, and close every bracket"),
        new("link-scheme", Error, "an address that does not begin as one and leads nowhere", "write it whole, with https://"),
        new("link-file", Warning, "a link to a file beside the issue, which nobody can open", "put the file on the web and write its whole address; another issue is issue:NUMBER"),
        new("link-host", Warning, "a host without a dot, or one that cannot be read", "write the whole name of the host"),
        new("link-private", Warning, "a page that only its owner can open", "link to the page that is public"),
        new("link-http", Warning, "a link without encryption", "write https:// if the site has it"),
        new("link-end", Warning, "a target that ends with a sentence's mark", "move the mark behind the link"),
        new("link-signs", Warning, "a target with a sign that no address may hold", "write it percent-encoded, or delete it"),
        new("link-tracking", Warning, "a target with a tracker's parameters", "delete them; the page is the same"),
        new("link-text-empty", Warning, "a link without words: nobody sees it", "give it words, or delete it"),
        new("link-here", Warning, "a link that says only `here` or `this`", "link the words that say where it leads"),
        new("link-disguised", Warning, "a link that shows another address than its target", "correct the one that is wrong"),
        new("link-split", Warning, "one link written as two, side by side", "make one link of them"),
        new("link-default", Warning, "a link that is one of a reader's values alone: it leads nowhere for those who have none", "write | default: \"https://…\" behind its name, or put the link into {% if … %}"),
        new("link-same-target", Info, "two headlines that lead to one page", "look whether one of them was to lead elsewhere"),
        new("link-same-text", Info, "one text that leads to two pages", "say of each where it leads"),
        new("own-mistyped", Warning, "an address that is nearly our own", "write our own address, if it was meant"),
        new("own-dead", Warning, "a link to an issue of ours that is not there", "write the name of an issue"),
        new("reference-number", Warning, "a reference whose number is not the target's", "correct the number or the target"),
        new("reference-form", Warning, "double brackets around an issue's number that are no reference", "write [[#NUMBER]], or [words](issue:NUMBER)"),
        new("reference-unsent", Warning, "a reference to an issue that goes out later: its page is not there yet", "send that one first, or take the link out"),

        // Images
        new("image-empty", Error, "an image without an address", "write the address between ( and )"),
        new("image-alt", Warning, "an image without words for those who do not see it", "write what it shows between [ and ]; in HTML alt=\"\" says that it is an ornament"),
        new("image-alt-file", Warning, "an image whose words are a file's name or an address", "write what the picture shows"),
        new("image-http", Warning, "an image fetched without encryption: some programs do not show it", "write https://"),
        new("image-format", Warning, "a format that a large mail program does not show", "use PNG, JPEG or GIF"),
        new("image-heavy", Warning, "an image of more than a megabyte", "make it 1200 pixels wide and save it as JPEG"),
        new("image-weight", Warning, "images of more than three megabytes together", "make the largest ones smaller"),
        new("image-wide", Warning, "an image wider than Outlook shows", "make it 1200 pixels wide"),
        new("image-beacon", Warning, "an image of one pixel: a tracker", "delete it"),

        // Words
        new("marks-visible", Warning, "a mark of Markdown that stays visible", "close the pair, or write a backslash before a mark that is meant"),
        new("backslash-visible", Warning, "a lone backslash that stays visible, or a line of it alone", "delete it; a line is broken by <br/>, paragraphs by an empty line"),
        new("word-twice", Warning, "a word that stands there twice", "delete one"),
        new("quote-mixed", Warning, "a straight and a curly quotation mark in one pair", "write both alike"),
        new("quote-open", Warning, "a quotation mark without its other", "write the other, or delete it"),
        new("placeholder", Warning, "something that was to be filled in", "fill it in"),
        new("placeholder-link", Error, "a target that was to be filled in", "write the address"),
        new("editor-command", Warning, "a command of an editor, typed into the text", "delete it"),
        new("jobs-number", Warning, "the sentence about the jobs does not say how many", "write their number, or [[count: NAME]] for that of a list"),
        new("value-default", Info, "a reader's value that is empty for those who have none", "write | default: \"words\" behind its name, or put the sentence into {% if … %}"),
        new("option-off", Warning, "a footnote, an attribute list or an emoji that Markdown is not told to read", "write markdown: [footnotes], [attributes] or [emoji] in the front matter, or a backslash before it"),
        new("note-missing", Warning, "a number of a footnote without its note stays visible", "write the note, `[^name]: words`, on a line of its own"),
        new("note-unused", Warning, "a footnote that nothing refers to is left out", "write [^name] where it belongs, or delete it"),

        // The finished letter
        new("unsubscribe-missing", Error, "a letter without a link to unsubscribe", "write {{ unsubscribe_url }} into the theme's letter.html and letter.txt"),
        new("postal-missing", Error, "a letter without the publication's postal address", "write {{ publication.postal_address }} into the theme's letter.html and letter.txt"),
        new("size-near", Warning, "HTML that comes near to what Gmail cuts", "move a part to the web (`::: web`), or to the next issue"),
        new("size-clipped", Warning, "HTML that Gmail cuts, the unsubscribe link with it", "move a part to the web (`::: web`), or to the next issue"),
        new("size-style", Warning, "more style sheets than Gmail keeps", "shorten the theme's letter.css"),
        new("contrast", Warning, "words that can hardly be told from their ground (WCAG 2.2 §1.4.3)", "make the one darker or the other lighter; in an issue leave the colour out, or give the words a ground of their own, which the dark leaves as it is; in a theme change the colour, for the dark its dark-… setting"),
        new("theme-client", Info, "CSS of the theme that large mail programs do not know", "nothing, if the theme can do without"),
        new("text-differs", Warning, "words of the HTML that are not in the text part", "look at the theme's letter.txt, and at raw HTML in the issue"),
        new("text-link", Warning, "links of the HTML that are not in the text part", "look at the theme's letter.txt"),

        // Allowances
        new("allow-unused", Info, "an allowance that nothing needs", "delete it"),
        new("allow-unknown", Info, "an allowance of a code that is none", "write a code of docs/lint.md"),

        // On the web (--online)
        new("online-dead", Warning, "a link or image whose page is gone", "link to where it is now, or to an archive's copy"),
        new("online-unreached", Warning, "a link or image whose host does not answer", "look at it again later, and at its spelling"),
        new("online-unasked", Info, "links to a host that asked to be left alone: nobody knows whether they are right", "look at them yourself, or run it again later"),
        new("online-moved", Info, "a link that leads somewhere else for good", "write the new address"),
        new("online-type", Warning, "an image's address at which there is no image", "link to the image itself"),
    ];

    /// <summary>What reading and rendering find. Their errors cannot be allowed, for something is lost or left out there.</summary>
    public static IReadOnlyList<LintCode> Reading { get; } =
    [
        new("file-missing", Error, "there is no such file", "check the path"),
        new("file-empty", Error, "the file is empty", "write front matter and text, or delete the file"),
        new("file-large", Error, "the file is larger than an issue can be", "put images and data elsewhere and link to them"),
        new("file-encoding", Error, "the file is not UTF-8", "save it as UTF-8"),
        new("file-nul", Error, "the file holds a NUL octet", "save it again as UTF-8"),
        new("control-character", Warning, "a control character is left out", "delete it"),
        new("front-matter-missing", Warning, "the file has no front matter", "begin it with a line ---, keys, and a line ---"),
        new("front-matter-open", Error, "the front matter has no end", "write a line --- behind its last key"),
        new("front-matter-invalid", Error, "the front matter is no YAML", "put a value that holds `: `, # or quotes in double quotes"),
        new("key-colon", Error, "a key without its colon", "write `key: value`"),
        new("key-twice", Error, "a key that is there twice", "keep one of the two"),
        new("subject-missing", Error, "neither title nor subject", "write `title: \"…\"`"),
        new("number-missing", Warning, "a file whose name has no number", "call it 0149.md or 0149-some-slug.md"),
        new("number-mismatch", Error, "the key `number` is not the number of the file", "rename the file, or leave the key out"),
        new("number-invalid", Error, "a number that is none", "write digits only"),
        new("date-invalid", Error, "a date that is none", "write year, month and day: 2026-01-31"),
        new("time-invalid", Error, "a time that is none", "write 2026-01-31T09:00"),
        new("status-unknown", Error, "a status that is none", "write draft or ready"),
        new("status-draft", Error, "the issue is a draft (only when it is to be sent)", "write `status: ready`"),
        new("segment-missing", Error, "a segment that is none (only when it is to be sent)", "leave the key out to send it to everyone"),
        new("slug-invalid", Error, "a slug that is none", "use lower-case letters, digits and hyphens"),
        new("theme-invalid", Error, "a theme's name that is none", "name a folder below themes/"),
        new("theme-missing", Error, "a theme that is not there", "name a folder below themes/, or leave the key out"),
        new("theme-key", Error, "a setting of a theme that is none", "see docs/themes.md"),
        new("theme-value", Error, "a value that a theme's setting cannot have", "see docs/themes.md"),
        new("lang-invalid", Error, "a language tag that is none", "write a BCP 47 tag, such as en"),
        new("reply-to-invalid", Error, "a mail address that is none", "write one address"),
        new("address-invalid", Error, "a web address that is none", "write it whole, with https://"),
        new("image-invalid", Warning, "`hero-img` is no address of an image", "write it whole, with https://"),
        new("markdown-unknown", Error, "an option of Markdown that is none", "list footnotes, attributes, smart-punctuation or emoji"),
        new("images-invalid", Error, "a word that `images` does not know", "write publish or embed"),
        new("text-links-invalid", Error, "a word that `text-links` does not know", "write inline or numbered"),
        new("image-missing", Error, "a file of an image that is not there", "put it into the folder images/ beside the issue, or write its whole address"),
        new("image-large", Error, "a file of an image that is too large to be published", "make it smaller: twice the letter's width in pixels is enough"),
        new("image-kind", Error, "a file that is no image", "save it as PNG or JPEG"),
        new("image-svg", Warning, "an SVG, which most mail programs do not show", "save it as PNG, twice as large as it is shown"),
        new("image-embed-remote", Warning, "an image of the web that cannot be embedded", "put it into the folder images/ beside the issue"),
        new("images-large", Error, "images that are too large together to be published", "make them smaller, or show fewer"),
        new("images-embedded-large", Error, "images that are too large together to be carried by every letter", "make them smaller, or publish them"),
        new("tag-open", Error, "a tag of Liquid without its end", "close it, or write {% raw %} before text that is no tag"),
        new("tag-invalid", Error, "a tag of Liquid that is none here", "see docs/personal-values.md"),
        new("name-unknown", Error, "a name that a letter does not know", "see docs/personal-values.md"),
        new("values-large", Error, "values that are too long for as often as they are used", "shorten the value, or use it less often"),
        new("tag-unquoted", Error, "a tag of a theme within an HTML tag but outside of quotes, in a style or in a script", "put it into the text, or into an attribute in double quotes"),
        new("if-open", Error, "an if without its endif", "write {% endif %}"),
        new("if-missing", Error, "an else or endif without its if", "write {% if … %} before it"),
        new("if-deep", Error, "too many ifs inside each other", "make the choice simpler"),
        new("if-order", Error, "something behind the else", "put else last"),
        new("if-crosses", Error, "a choice that begins in one paragraph and goes on in another", "put all its tags into one paragraph, or each on a line of its own"),
        new("link-unsafe", Error, "a target that is not for letters (javascript:, data:, file:)", "link to an http, https or mailto address"),
        new("html-unclosed", Warning, "a tag that is never closed", "write its end tag where it is meant to end"),
        new("html-unopened", Warning, "an end tag that ends nothing", "open it in the same paragraph, or delete it"),
        new("html-unknown", Warning, "an element that mail programs do not know is left out", "delete it, or write &lt; for a sign that is meant"),
        new("html-nested", Warning, "a link in a link, or too many elements inside each other", "close the outer one first"),
        new("html-script", Warning, "script is left out", "link to a page instead"),
        new("html-attribute", Info, "an attribute of HTML that is left out, said once for each", "use width, height, align, bgcolor, title, lang or style"),
        new("html-style", Warning, "a style that is not safe is left out, or those declarations of it that move or hide", "use colours, sizes and margins only"),
        new("colour-dropped", Info, "text colours near black on no ground of their own are left out, said once: in the dark they could not be read", "nothing; give the words a ground as well where the colour is meant"),
        new("html-dropped", Warning, "an element is left out with all that is in it", "link to it, or show a picture of it"),
        new("block-open", Error, "a part between ::: lines without its end", "write a line ::: behind it"),
        new("block-unknown", Warning, "::: that is no part and stays visible", "write ::: mail, ::: web, ::: button or ::: figure"),
        new("button-empty", Warning, "a button without a link", "write [words](address) in it"),
        new("figure-empty", Warning, "a figure that does not begin with an image", "write the image first, the caption below"),
        new("figure-width", Warning, "a figure's width that is none", "write it in pixels: ::: figure 320"),
        new("contents-empty", Warning, "a list of contents with nothing behind it", "write it before the headings"),
        new("contents-levels", Warning, "a list of contents of levels that are none", "write [[contents: 2]]"),
        new("fill-in-inside", Warning, "something to be filled in that stands in a line of text and stays visible", "put it on a line of its own"),
        new("snippet-unknown", Error, "a snippet that is not there", "write it into a file snippets/NAME.md"),
        new("snippet-cycle", Error, "a snippet that holds itself", "take it out of one of them"),
        new("snippet-deep", Error, "snippets too deep inside each other", "use it in the issue itself"),
        new("snippet-many", Error, "more than a hundred snippets in one issue, or too many signs of them", "write some of them out"),
        new("list-unknown", Error, "a list that is not there", "write it into a file data/NAME.yaml or data/NAME.csv"),
        new("list-words", Error, "words that ask for no list, or for an order by a key that no item has", "write [[list: NAME new by KEY | default: \"words\"]]"),
        new("list-invalid", Error, "a data file that is no list", "write each item as `- title: …` with its other keys below it"),
        new("list-item", Error, "an item that is left out: it cannot be read, or lacks what the list's form asks for", "mend it in the data file"),
        new("list-date", Error, "a list of items with dates in an issue that has none", "write `date: 2026-01-31` in the front matter"),
        new("list-empty", Warning, "a list of which nothing is shown", "write | default: \"words\" behind its name, or take it out"),
        new("list-large", Error, "more items than a list or an issue can hold, or too many signs of them", "take the old ones out, or show only the new ones"),
        new("attribute-dropped", Warning, "an attribute that is left out", "use width, height, align, title, lang or style"),
        new("issue-unknown", Error, "a reference to an issue that is not there", "write the number of a file in issues/"),
        new("markdown-hostile", Error, "more marks, nesting, cells of tables, uses of a long target or lists of contents than can be read in due time", "break it into paragraphs"),
    ];

    /// <summary>Both.</summary>
    public static IReadOnlyList<LintCode> All { get; } = [.. Own, .. Reading];

    private static readonly FrozenDictionary<string, LintCode> ByName = All.ToFrozenDictionary(code => code.Name);
    private static readonly FrozenSet<string> OwnNames = Own.Select(code => code.Name).ToFrozenSet();

    /// <summary>The code of that name. Themes say the codes of Liquid with <c>theme-</c> before them.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static LintCode Of(string name) => ByName[name];

    /// <summary>Whether it is the name of a code.</summary>
    public static bool Knows(string name) => ByName.ContainsKey(name) || name.StartsWith("theme-", StringComparison.Ordinal) && ByName.ContainsKey(name["theme-".Length..]);

    /// <summary>Whether the finding is the linter's own.</summary>
    internal static bool IsOwn(string name) => OwnNames.Contains(name);
}
