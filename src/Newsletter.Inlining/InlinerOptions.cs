namespace Newsletter.Inlining;

/// <summary>How <see cref="Inliner"/> works. The defaults suit a letter that is to look right in as many mail programs as can be.</summary>
public sealed record InlinerOptions
{
    /// <summary>
    /// Gives the text of a linked or imported style sheet. It gets the address as the document writes it (an import within a
    /// linked sheet: relative to the document), with any query and fragment, and returns null for one that it does not have;
    /// that link or import then stays in the document. The library itself fetches nothing; what this function throws comes through. Default: null, nothing is known.
    /// </summary>
    public Func<string, string?>? StyleSheet { get; init; }

    /// <summary>
    /// Whether the attributes that programs without much CSS read (Outlook with its Word engine among them) are written beside
    /// the styles: width and height, bgcolor, align and valign of tables, cells and images, and cellspacing and cellpadding of
    /// tables where their styles, or those of all their cells, say the same. An attribute that is there already is never changed, and none is written that would change the look where the styles are read. Default: true.
    /// </summary>
    public bool LegacyAttributes { get; init; } = true;

    /// <summary>
    /// Whether classes are dropped from class attributes once no kept rule names them, nor a style sheet in a conditional
    /// comment; none is where a sheet stays that was not at hand (a link, an @import). Default: false, since mail programs' own
    /// rules, scripts of a web copy and tests may look for them.
    /// </summary>
    public bool DropUnusedClasses { get; init; }

    /// <summary>
    /// Whether a kept rule goes that fits nothing here: its subject, or an element that the subject must stand in, has a
    /// name (and the subject, or what stands inside of the document's own classes, a class or id) that the document lacks.
    /// For sheets written for many documents whose classes are their own. What some mail program adds around the letter
    /// (#outlook a, [data-ogsc] .x) is not asked for.
    /// Default: false, since a program may add elements and classes too.
    /// </summary>
    public bool DropUnusedRules { get; init; }
}
