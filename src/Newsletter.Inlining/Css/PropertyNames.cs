using System.Collections.Frozen;

namespace Newsletter.Inlining;

/// <summary>The names that nearly every declaration bears: found without making a text anew.</summary>
internal static class PropertyNames
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names = """
        align-items background background-attachment background-color background-image background-position background-repeat background-size border border-bottom
        border-bottom-color border-bottom-style border-bottom-width border-bottom-left-radius border-bottom-right-radius border-collapse border-color border-left
        border-left-color border-left-style border-left-width border-radius border-right border-right-color border-right-style border-right-width border-spacing
        border-style border-top border-top-color border-top-left-radius border-top-right-radius border-top-style border-top-width border-width bottom box-shadow
        box-sizing clear color content cursor direction display filter flex float font font-family font-size font-style font-weight height justify-content left
        letter-spacing line-height list-style list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width
        mso-border-alt mso-font-width mso-height-rule mso-hide mso-line-height-rule mso-padding-alt mso-table-lspace mso-table-rspace mso-text-raise opacity outline
        overflow overflow-wrap padding padding-bottom padding-left padding-right padding-top position right src table-layout text-align text-decoration text-indent
        text-shadow text-transform top transform transition unicode-range vertical-align visibility white-space width word-break word-spacing word-wrap z-index
        -ms-interpolation-mode -ms-text-size-adjust -moz-text-size-adjust -webkit-font-smoothing -webkit-hyphens -webkit-text-size-adjust
        """
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static IEnumerable<string> Common => Names.Set;

    /// <summary>The name that is meant, in lower case but for custom properties, whose case counts.</summary>
    public static string Read(ReadOnlySpan<char> name)
    {
        if (Names.TryGetValue(name, out var known))
            return known;
        var read = CssText.Unescape(name);
        return read.StartsWith("--", StringComparison.Ordinal) ? read : read.ToLowerInvariant();
    }
}
