using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens.Struct;

namespace Newsletter.Inlining;

/// <summary>
/// What tags that nobody closes cost the tree builder. It looks through all open elements at most tags, and says the open
/// formatting elements (b, font) again in each paragraph: both would be the square of what hostile input holds. Counted in
/// steps, as the work of the selectors is.
/// </summary>
/// <param name="length">Of the source, in characters.</param>
internal sealed class OpenTags(int length)
{
    /// <summary>AngleSharp puts what stands deeper than 512 beside its parent, and holds it open all the same.</summary>
    private const int Deep = 500;

    /// <summary>Elements without an end (br, img), and those that the next one of their kind ends (p, li, td).</summary>
    private const NodeFlags EndsByItself = NodeFlags.SelfClosing | NodeFlags.ImpliedEnd | NodeFlags.ImplicitlyClosed;

    private readonly long most = Effort.Base + (Effort.PerCharacter * length);
    private readonly long mostCopies = 100_000 + (length / 4);
    private long steps;
    private long copies;
    private int open;

    /// <summary>The document costs more than any letter does.</summary>
    public bool IsSpent => steps > most || copies > mostCopies;

    /// <summary>A tag has gone to the builder.</summary>
    /// <param name="made">The last element that was made of it, if one was.</param>
    public void See(Node? made)
    {
        if (made?.Depth >= Deep)
            open++;
        steps += open;
    }

    /// <summary>A tag that is only looked at, before AngleSharp's own DOM is built of all: one that has no end tag and needs one counts as open.</summary>
    public void SeeUnbuilt(ref StructHtmlToken token)
    {
        if (token.Type is HtmlTokenType.StartTag or HtmlTokenType.EndTag && (ElementKind.OfHtml(token.Name).Flags & EndsByItself) == 0)
            open = token.Type == HtmlTokenType.StartTag ? open + 1 : Math.Max(0, open - 1);
        steps += open;
    }

    /// <summary>A formatting element was said again.</summary>
    public void Copy() => copies++;
}
