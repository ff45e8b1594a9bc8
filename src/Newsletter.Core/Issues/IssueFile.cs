using System.Globalization;
using System.Text.RegularExpressions;

namespace Newsletter.Issues;

/// <summary>The file of an issue: <c>0149.md</c> or <c>0149-some-slug.md</c>, front matter in YAML between two lines of <c>---</c>, then Markdown.</summary>
public static partial class IssueFile
{
    /// <summary>The most octets of an issue: forty times the largest of 188 real ones. A reader of files refuses a longer one by its length.</summary>
    public const int MaxBytes = 2_000_000;

    /// <summary>Reads a file. Never throws; every problem is in the list, not only the first.</summary>
    /// <param name="fileName">With or without folder; the number and the slug come from it.</param>
    /// <param name="bytes">UTF-8, with or without byte order mark.</param>
    public static IssueReading Read(string fileName, ReadOnlyMemory<byte> bytes)
    {
        var problems = new List<IssueProblem>();
        var issue = IssueText.Read(bytes.Span, problems) is { } text ? ReadText(Path.GetFileName(fileName), text, problems) : null;
        return new(issue, [.. problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)]);
    }

    /// <summary>The problem of a file that is too long to be read.</summary>
    public static IssueProblem TooLong(long length) => new(0, 0, Severity.Error, "file-large",
        string.Create(CultureInfo.InvariantCulture, $"the file has {length:N0} octets, an issue has at most {MaxBytes:N0}"), "is it the right file? put images and data elsewhere and link to them");

    /// <summary>The number that a file's name begins with; null where it has none.</summary>
    public static int? NumberOf(string fileName) =>
        NameForm().Match(Path.GetFileName(fileName)) is { Success: true } name && int.TryParse(name.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static Issue? ReadText(string fileName, string text, List<IssueProblem> problems)
    {
        var (yaml, body, bodyLine) = Split(text, problems);
        if (yaml is null || FrontMatter.Read(yaml, 2, problems) is not { } matter)
            return null;

        var issue = Checked(fileName, matter, new IssueFields(matter, problems), problems);
        return issue with { Body = body, BodyLine = bodyLine, FrontMatterText = yaml };
    }

    private static (string? Yaml, string Body, int BodyLine) Split(string text, List<IssueProblem> problems)
    {
        if (!Fence().IsMatch(text))
        {
            problems.Add(new(1, 1, Severity.Warning, "front-matter-missing", "the file has no front matter", Fence().IsMatch(text.TrimStart())
                ? "delete what stands before its first `---`: it must be the first line" : "begin it with a line `---`, keys such as `title: \"…\"`, and a line `---`"));
            return ("", text, 1);
        }

        var start = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        var end = start > 0 ? EndFence().Match(text, start) : Match.Empty;
        if (!end.Success)
        {
            problems.Add(new(1, 1, Severity.Error, "front-matter-open", "the front matter has no end", "write a line `---` behind its last key"));
            return (null, "", 1);
        }
        var behind = end.Index + end.Length;
        return (text[start..end.Index], text[behind..], 1 + text.AsSpan(0, behind).Count('\n'));
    }

    private static Issue Checked(string fileName, FrontMatter matter, IssueFields fields, List<IssueProblem> problems)
    {
        var (title, subject) = (fields.Text("title"), fields.Text("subject"));
        if (title.Length == 0 && subject.Length == 0)
            problems.Add(Nameless(matter));

        return new Issue
        {
            FileName = fileName,
            FrontMatter = matter,
            Body = "",
            Number = Number(fileName, fields, problems),
            Slug = fields.Slug("slug") is { Length: > 0 } slug ? slug : SlugOf(fileName),
            Title = title,
            Subtitle = fields.Text("subtitle"),
            Subject = subject.Length > 0 ? subject : title,
            SubjectB = fields.Text("subject-b"),
            Preheader = fields.Text("preheader") is { Length: > 0 } preheader ? preheader : fields.Text("subtitle"),
            Date = fields.Date("date"),
            Status = fields.Status("status"),
            HeroImage = fields.Image("hero-img"),
            EmbedsImages = fields.OneOf("images", "images-invalid", "publish", "embed") == "embed",
            NumbersLinks = fields.OneOf("text-links", "text-links-invalid", "inline", "numbered") is { Length: > 0 } links ? links == "numbered" : null,
            Segment = fields.Text("segment"),
            SendAt = fields.SendAt("send-at"),
            Theme = fields.Theme("theme") is { Length: > 0 } theme ? theme : "default",
            ReplyTo = fields.Mailbox("reply-to"),
            Lang = fields.Lang("lang"),
            Tags = fields.List("tags"),
            Authors = fields.List("authors"),
            Canonical = fields.WebAddress("canonical"),
            Markdown = fields.Markdown("markdown"),
        };
    }

    private static IssueProblem Nameless(FrontMatter matter) => matter["title"] is { } title
        ? new(title.Line, title.Column, Severity.Error, "subject-missing", "the title is empty, and there is no subject", "write `title: \"…\"`, in quotes where it begins with a #")
        : new(1, 1, Severity.Error, "subject-missing", "the issue has neither title nor subject", "write `title: \"…\"` into the front matter");

    private static int? Number(string fileName, IssueFields fields, List<IssueProblem> problems)
    {
        var (named, written) = (NumberOf(fileName), fields.Number("number"));
        if (named is { } ofName && written is { } ofKey && ofName != ofKey)
            fields.Report("number", "number-mismatch", $"{ofKey} is not the number of the file {fileName}", $"rename the file, or write {ofName}, or leave the key out");
        if (named is null && written is null)
            problems.Add(new(1, 1, Severity.Warning, "number-missing", $"the name {fileName} has no number", "call the file 0149.md or 0149-some-slug.md, so that it can be scheduled and found"));
        return named ?? written;
    }

    private static string SlugOf(string fileName)
    {
        var slug = NotSlug().Replace(Path.GetFileNameWithoutExtension(fileName).ToLowerInvariant(), "-").Trim('-');
        return slug.Length > 0 ? slug : "issue";
    }

    [GeneratedRegex(@"^(?<number>\d{1,9})(-[^/\\]*)?\.(md|markdown)\z", RegexOptions.IgnoreCase)]
    private static partial Regex NameForm();

    [GeneratedRegex(@"\A---[ \t]*(\n|\z)")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(---|\.\.\.)[ \t]*(\n|\z)", RegexOptions.Multiline)]
    private static partial Regex EndFence();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotSlug();
}
