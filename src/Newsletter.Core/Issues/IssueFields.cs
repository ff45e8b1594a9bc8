using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Newsletter.Addresses;

namespace Newsletter.Issues;

/// <summary>The keys we know, checked: what does not fit its key is a problem at the value's place, and the value is left out.</summary>
internal sealed partial class IssueFields(FrontMatter matter, ICollection<IssueProblem> problems)
{
    /// <summary>The keys with a meaning; others are kept for themes.</summary>
    public static readonly string[] Keys =
    [
        "title", "subtitle", "date", "layout", "hero-img", "number", "subject", "subject-b", "preheader", "slug", "status", "segment", "send-at", "theme", "reply-to",
        "tags", "lang", "authors", "canonical", "markdown", "images", "hero-alt", "text-links",
    ];

    /// <summary>What a key is made of.</summary>
    public static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    private static readonly string[] Moments =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm zzz", "yyyy-MM-dd HH:mm:ss zzz",
    ];

    /// <summary>One line of words; line ends inside a value become blanks.</summary>
    public string Text(string key) => Blanks().Replace(matter[key]?.Text ?? "", " ").Trim();

    public IReadOnlyList<string> List(string key) =>
        [.. (matter[key]?.Items ?? []).SelectMany(item => matter[key]!.Items.Count == 1 ? item.Split(',') : [item]).Select(item => item.Trim()).Where(item => item.Length > 0)];

    public DateOnly? Date(string key)
    {
        var text = Text(key);
        if (text.Length == 0)
            return null;
        if (DateOf(text) is { } date)
            return date;

        Report(key, "date-invalid", $"`{Excerpt.Of(text)}` is no date", "write year, month and day, such as 2026-01-31");
        return null;
    }

    public string SendAt(string key) => Kept(key, text => Moment(text) is not null, "time-invalid", "is no time", "write 2026-01-31T09:00, with an offset such as +01:00 if it is not meant in the publication's zone");

    public int? Number(string key)
    {
        var text = Text(key).TrimStart('#');
        if (text.Length == 0)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;

        Report(key, "number-invalid", $"`{Excerpt.Of(text)}` is no number", "write digits only, such as 149");
        return null;
    }

    public IssueStatus Status(string key)
    {
        var text = Text(key);
        if (text is "draft" or "ready")
            return text == "draft" ? IssueStatus.Draft : IssueStatus.Ready;
        if (text.Length > 0)
            Report(key, "status-unknown", $"`{Excerpt.Of(text)}` is no status", "write draft or ready");
        return text.Length > 0 ? IssueStatus.Draft : IssueStatus.Unsaid;
    }

    public string Slug(string key) => Kept(key, SlugForm().IsMatch, "slug-invalid", "is no slug", "use lower-case letters, digits and hyphens");

    public string Theme(string key) => Kept(key, SlugForm().IsMatch, "theme-invalid", "is no name of a theme", "name a folder below themes/: lower-case letters, digits and hyphens");

    public string Lang(string key) => Kept(key, LangForm().IsMatch, "lang-invalid", "is no language tag", "write a BCP 47 tag, such as en or de-CH");

    /// <summary>One of some words; empty where the key is not there.</summary>
    public string OneOf(string key, string code, params string[] words) => Kept(key, text => words.Contains(text), code, "is none of its values", $"write {string.Join(" or ", words)}");

    public string Mailbox(string key) => Kept(key, text => EmailAddress.Read(text) is not null, "reply-to-invalid", "is no mail address", "write one address, such as editor@example.org");

    public string WebAddress(string key) => Kept(key, IsWebAddress, "address-invalid", "is no web address", "write it whole, with https://");

    /// <summary>An absolute address, or a path of the publication: a scrap of text is a warning, for nothing but the card depends on it.</summary>
    public string Image(string key)
    {
        var text = Text(key);
        if (text.Length == 0 || IsWebAddress(text) || text.AsSpan().IndexOfAny(" :\\") < 0 && text.Contains('.'))
            return text;

        problems.Add(At(key, Severity.Warning, "image-invalid", $"`{Excerpt.Of(text)}` is no address of an image", "write it whole, with https://"));
        return "";
    }

    /// <summary>Null where the key is not there: then the theme's stand. An empty list switches all of them off.</summary>
    public MarkdownOptions? Markdown(string key) =>
        matter[key] is null
            ? null
            : MarkdownOptions.Of(List(key), name => Report(key, "markdown-unknown", $"`{Excerpt.Of(name)}` is nothing that Markdown could understand", $"list any of {string.Join(", ", MarkdownOptions.Names)}"));

    /// <summary>The day of a date, or of a date with a time; null for text that is neither.</summary>
    public static DateOnly? DateOf(string text) => Moment(text) is { } moment ? DateOnly.FromDateTime(moment.DateTime) : null;

    public void Report(string key, string code, string message, string hint) => problems.Add(At(key, Severity.Error, code, message, hint));

    private IssueProblem At(string key, Severity severity, string code, string message, string hint) =>
        new(matter[key]?.Line ?? 1, matter[key]?.Column ?? 1, severity, code, $"{key}: {message}", hint);

    private string Kept(string key, Predicate<string> fits, string code, string message, string hint)
    {
        var text = Text(key);
        if (text.Length == 0 || fits(text))
            return text;

        Report(key, code, $"`{Excerpt.Of(text)}` {message}", hint);
        return "";
    }

    private static DateTimeOffset? Moment(string text) =>
        DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    private static bool IsWebAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    [GeneratedRegex(@"[\s\p{Cc}\uFDD0-\uFDEF\uFFFE\uFFFF]+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex SlugForm();

    // Names of languages have two or three letters; longer ones are reserved, and are words such as `english` (BCP 47, RFC 5646 §2.2.1).
    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\z")]
    private static partial Regex LangForm();
}
