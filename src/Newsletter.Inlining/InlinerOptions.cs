namespace Newsletter.Inlining;

/// <summary>How <see cref="Inliner"/> works. The defaults suit a letter that is to look right in as many mail programs as can be.</summary>
public sealed record InlinerOptions
{
    /// <summary>
    /// Gives the text of a linked or imported style sheet. It gets the address as the document writes it (an import within a
    /// linked sheet: relative to the document), with any query and fragment, and returns null for one that it does not have;
    /// that link or import then stays in the document. The library itself fetches nothing. Default: null, nothing is known.
    /// </summary>
    public Func<string, string?>? StyleSheet { get; init; }
}
