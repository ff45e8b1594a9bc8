namespace Newsletter.Composing;

/// <summary>An issue marked as none for readers: in the subject, and by a banner above the text and the HTML.</summary>
public static class Marked
{
    private const string Email = "subscriber.email";

    /// <summary>For the editor's eyes.</summary>
    public static RenderedIssue Proof(RenderedIssue issue) => On(issue, "[Proof]",
        "PROOF, for the editor alone. No reader gets this letter, and the unsubscribe link in it leads nowhere.", email: false);

    /// <summary>A letter to a reader that goes to another address instead; the banner says to whom it would have gone (<see cref="PersonalValues.Email"/>).</summary>
    public static RenderedIssue Sandbox(RenderedIssue issue) => On(issue, "[Sandbox]",
        "SANDBOX. No reader gets this letter, and the unsubscribe link in it leads nowhere. It would have gone to ", email: true);

    private static RenderedIssue On(RenderedIssue issue, string word, string banner, bool email) => issue with
    {
        Subject = new([new Segment.Literal(word + " "), .. issue.Subject.Segments]),
        SubjectB = issue.SubjectB is { } other ? new([new Segment.Literal(word + " "), .. other.Segments]) : null,
        Html = new([.. BeforeBody(issue.Html.Segments, [
            new Segment.Literal($"<div role=\"note\" style=\"margin:0;padding:12px 16px;background-color:#ffd75e;color:#1f1a00;font:bold 16px/1.4 Arial,sans-serif;text-align:center\">{banner}"),
            .. Reader(Place.Html, email),
            new Segment.Literal("</div>")])]),
        Text = new([new Segment.Literal($"*** {banner}"), .. Reader(Place.Text, email), new Segment.Literal(" ***\n\n"), .. issue.Text.Segments]),
    };

    private static IReadOnlyList<Segment> Reader(Place place, bool email) => email ? [new Segment.Slot(Email, place, ""), new Segment.Literal(".")] : [];

    /// <summary>Behind the opening tag of the body; in front of everything where there is none.</summary>
    private static IEnumerable<Segment> BeforeBody(IReadOnlyList<Segment> html, IReadOnlyList<Segment> banner)
    {
        for (var i = 0; i < html.Count; i++)
            if (html[i] is Segment.Literal { Text: var text } && AfterBodyTag(text) is { } at)
                return [.. html.Take(i), new Segment.Literal(text[..at]), .. banner, new Segment.Literal(text[at..]), .. html.Skip(i + 1)];
        return [.. banner, .. html];
    }

    private static int? AfterBodyTag(string text) =>
        text.IndexOf("<body", StringComparison.OrdinalIgnoreCase) is >= 0 and var start && text.IndexOf('>', start) is >= 0 and var end ? end + 1 : null;
}
