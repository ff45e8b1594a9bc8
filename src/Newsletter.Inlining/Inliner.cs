namespace Newsletter.Inlining;

/// <summary>
/// Moves the rules of style sheets into the style attributes of an HTML document, for mail programs that read no style
/// sheet or only part of it.
/// </summary>
/// <remarks>
/// The result looks as a browser would show the source, by the whole cascade: layers, importance, specificity, order, the
/// style attribute itself, custom properties. Each declaration keeps its own text, and fallbacks of one property stay one
/// after the other. What no style attribute can say (@media and other conditions, :hover, ::before, @font-face, rules for
/// elements that only some mail program adds) stays in one style element in the head, with !important where it has
/// to win over what was inlined. Everything else of the source stays as it is, character by character: conditional
/// comments, VML, entities, white space. Nothing is fetched, and the same input gives the same output.
/// <para>
/// What a document may cost is bounded, and counted in steps, not in time: one selector may take 100,000 steps and 100 for
/// each element (a step is one element asked by one part of a selector, or one character written into a style attribute),
/// and stays in the style sheet beyond that; all together 20 million and 20 for each character of the document. A document
/// that takes more, which no letter does, comes back as it was; so does one that leaves so many tags open that to build its
/// tree takes more. Elements stand at most 512 deep, blocks of CSS 64; a selector has at most 512 parts and, nested rules
/// unfolded, 20,000 characters (4 million for all nested ones); a value with var() grows to 20,000 characters; 200 sheets
/// are imported, 10 deep. Rules beyond these are dropped.
/// </para>
/// </remarks>
public static class Inliner
{
    /// <summary>The document with its styles inlined.</summary>
    /// <param name="html">A whole document or a part of one; any text is taken, and none makes this throw.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="html"/> is null.</exception>
    public static string Inline(string html, InlinerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(html);
        using var document = new DocumentInlining(html, options ?? new InlinerOptions());
        return document.Run();
    }
}
