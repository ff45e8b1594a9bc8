using Markdig.Syntax;
using Newsletter.Composing.Body;

namespace Newsletter.Composing;

/// <summary>The body for one medium, and what its headings decide about the title above it: there is one heading of level 1.</summary>
/// <param name="Document">The repaired tree.</param>
/// <param name="Scope">What it was read with.</param>
/// <param name="Shift">How many levels the body's headings go down.</param>
/// <param name="Constants">With <c>show_title</c>.</param>
internal sealed record BodyPart(MarkdownDocument Document, BodyScope Scope, int Shift, Constants Constants)
{
    /// <summary>A title repeated as the first heading is left out of the body; other headings of level 1 go below the title with all the rest.</summary>
    public static BodyPart Of(MarkdownDocument document, BodyScope scope, string title)
    {
        var headings = document.Descendants<HeadingBlock>().ToList();
        var own = headings.FirstOrDefault();
        if (own is { Level: 1 } && title.Length > 0 && Plain(own) == title && own.Parent is { } parent)
        {
            parent.Remove(own);
            headings.RemoveAt(0);
        }
        var hasOwn = headings.Exists(heading => heading.Level == 1);
        var showsTitle = title.Length > 0 || !hasOwn;
        return new(document, scope, showsTitle && hasOwn ? 1 : 0, scope.Constants.With("show_title", showsTitle ? "yes" : ""));
    }

    private static string Plain(HeadingBlock heading) => TextInlines.Write(heading.Inline, new Uri("https://localhost/"), new Placeholders(), new TextLinks(isNumbered: false));
}
