namespace Newsletter.Issues;

/// <summary>What the author says about an issue's readiness.</summary>
public enum IssueStatus
{
    /// <summary>Nothing is said: sent when a person asks for it, never taken by the weekly slot.</summary>
    Unsaid,

    /// <summary><c>draft</c>: not to be sent.</summary>
    Draft,

    /// <summary><c>ready</c>: the weekly slot may take it.</summary>
    Ready,
}

/// <summary>One number of the newsletter: a Markdown file with front matter, read and checked but not rendered.</summary>
public sealed record Issue
{
    /// <summary>The file's name without folder, as problems name it.</summary>
    public required string FileName { get; init; }

    /// <summary>From the file's name (<c>0149.md</c>, <c>0149-some-slug.md</c>) or the key <c>number</c>; null where neither has one.</summary>
    public int? Number { get; init; }

    /// <summary>The address on the web: lower-case letters, digits and hyphens. The key <c>slug</c>, else the file's name.</summary>
    public required string Slug { get; init; }

    /// <summary>Key <c>title</c>; empty where there is none.</summary>
    public string Title { get; init; } = "";

    /// <summary>Key <c>subtitle</c>; empty where there is none.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>Key <c>subject</c>, else the title. May hold personal values.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Key <c>subject-b</c>: another subject, to be tried on a part of the readers; empty where there is none. May hold personal values.</summary>
    public string SubjectB { get; init; } = "";

    /// <summary>Key <c>preheader</c>, else the subtitle: the words mail programs show behind the subject. May hold personal values.</summary>
    public string Preheader { get; init; } = "";

    /// <summary>Key <c>date</c>; null where there is none.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Key <c>status</c>.</summary>
    public IssueStatus Status { get; init; }

    /// <summary>Key <c>hero-img</c>: the image of the web page's card. Absolute, or relative to the publication; empty where there is none.</summary>
    public string HeroImage { get; init; } = "";

    /// <summary>Key <c>images</c>: <c>embed</c> puts the publication's own images into the letters; <c>publish</c>, which is the rule, leads to them.</summary>
    public bool EmbedsImages { get; init; }

    /// <summary>Key <c>text-links</c>: whether the plain text's links have numbers (<c>numbered</c>) or stand behind their words (<c>inline</c>); null: as the theme says.</summary>
    public bool? NumbersLinks { get; init; }

    /// <summary>Key <c>segment</c>: whom it is for; empty: everyone.</summary>
    public string Segment { get; init; } = "";

    /// <summary>Key <c>send-at</c>, in ISO 8601, checked; without an offset it is meant in the publication's zone. Empty where there is none.</summary>
    public string SendAt { get; init; } = "";

    /// <summary>Key <c>theme</c>: a folder's name below <c>themes/</c>.</summary>
    public string Theme { get; init; } = "default";

    /// <summary>Key <c>reply-to</c>: a mailbox; empty: as the publication says.</summary>
    public string ReplyTo { get; init; } = "";

    /// <summary>Key <c>lang</c> (BCP 47); empty: as the publication says.</summary>
    public string Lang { get; init; } = "";

    /// <summary>Key <c>tags</c>: a list, or words with commas.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Key <c>authors</c>: a list, or names with commas.</summary>
    public IReadOnlyList<string> Authors { get; init; } = [];

    /// <summary>Key <c>canonical</c>: where the text stood first, absolute; empty: our own page.</summary>
    public string Canonical { get; init; } = "";

    /// <summary>Key <c>markdown</c>: what Markdown understands in this issue, in place of what the theme says; null: as the theme says.</summary>
    public MarkdownOptions? Markdown { get; init; }

    /// <summary>All keys of the front matter as they were read, ours and unknown ones: for themes, and to say where a value stands.</summary>
    public FrontMatter FrontMatter { get; init; } = FrontMatter.None;

    /// <summary>The YAML as it was written, from line 2 of the file on; empty where there is none.</summary>
    public string FrontMatterText { get; init; } = "";

    /// <summary>The Markdown after the front matter, lines ended by LF, without control characters.</summary>
    public required string Body { get; init; }

    /// <summary>The line of the file at which <see cref="Body"/> begins, from 1.</summary>
    public int BodyLine { get; init; } = 1;

    /// <summary>What keeps a sound issue from being sent: its author says it is a draft, or it is for a segment that nobody is in. A letter must not go to everyone because a key was not understood.</summary>
    public IEnumerable<IssueProblem> BarsToSending()
    {
        if (FrontMatter["status"] is { Text: "draft" } status)
            yield return new(status.Line, status.Column, Severity.Error, "status-draft", "status: the issue is a draft", "write ready to send it");
        if (Segment.Length > 0)
            yield return new(FrontMatter["segment"]?.Line ?? 1, FrontMatter["segment"]?.Column ?? 1, Severity.Error, "segment-missing", $"segment: there is no segment `{Segment}`", "leave the key out to send it to everyone who is active");
    }
}

/// <summary>A file read: an issue where one could be made, and everything that is wrong with it.</summary>
/// <param name="Issue">Null where the file can be no issue at all (empty, no UTF-8, too large, front matter that is no YAML).</param>
/// <param name="Problems">In the order of lines.</param>
public sealed record IssueReading(Issue? Issue, IReadOnlyList<IssueProblem> Problems)
{
    /// <summary>Whether the issue must not be sent as it is.</summary>
    public bool HasErrors => Problems.Any(problem => problem.Severity == Severity.Error);
}
