using System.Text;

namespace Newsletter.Replies;

/// <summary>A file in a mail: what it is called, what it says it is, what it is, and whether to beware of it. Its octets stay in the raw mail.</summary>
/// <param name="Index">Its number within its mail, from 1; the same whenever the mail is read.</param>
/// <param name="Name">Without folder, control and direction characters; never empty.</param>
/// <param name="DeclaredType">The media type that its mail declares.</param>
/// <param name="Size">Octets, decoded.</param>
/// <param name="ActualType">The media type by its first octets; empty where they do not tell.</param>
/// <param name="ContentId">Its Content-ID without brackets; empty for none.</param>
/// <param name="Warning">Why it is dangerous to open; empty where nothing was seen.</param>
public sealed record AttachedFile(int Index, string Name, string DeclaredType, long Size, string ActualType, string ContentId, string Warning)
{
    /// <summary>Files beyond it are listed and not handed out alone: the raw mail has them.</summary>
    public const long MaxSize = 25 * 1024 * 1024;

    private const int LongestName = 120;

    /// <summary>Whether a page may show it as an image: PNG, JPEG, GIF and WebP by their content, whatever they are called. Never SVG, which is a document with scripts.</summary>
    public bool IsImage => ActualType is "image/png" or "image/jpeg" or "image/gif" or "image/webp" && Size <= MaxSize;

    /// <summary>Judges a file by name, declared type and content.</summary>
    public static AttachedFile Of(int index, string name, string declaredType, string contentId, ReadOnlySpan<byte> content)
    {
        var known = FileKinds.Of(content);
        var safe = SafeName(name, index);
        return new(index, safe, declaredType, content.Length, known?.Type ?? "", contentId, WarningOf(safe, declaredType, known, content));
    }

    private static string WarningOf(string name, string declaredType, (string Type, string Word)? known, ReadOnlySpan<byte> content)
    {
        var endings = name.ToLowerInvariant().Split('.', StringSplitOptions.TrimEntries);
        var ending = endings.Length > 1 ? endings[^1] : "";
        if (known is { } running && FileKinds.Running.Contains(running.Type))
            return $"it is a {running.Word}: do not open it";
        if (FileKinds.Dangerous.Contains(ending))
            return endings.Length > 2 && FileKinds.Expected(endings[^2]) is not null ? $"it is called like a .{endings[^2]} and is a .{ending}: do not open it" : $".{ending} files can run programs: do not open it";
        if (FileKinds.Macros.Contains(ending) || (known?.Type is "application/zip" && content.IndexOf("vbaProject.bin"u8) >= 0) || (known?.Type is "application/x-ole-storage" && content.IndexOf(Vba) >= 0))
            return "it holds macros: open it only if you expect it, and with macros off";
        if (FileKinds.Expected(ending) is { } expected && known is { } other && other.Type != expected)
            return $"it is called .{ending} and is a {other.Word}";
        if (declaredType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) && known is { } not && !not.Type.StartsWith("image/", StringComparison.Ordinal) && not.Type is not "application/xml")
            return $"it says that it is an image and is a {not.Word}";
        if (ending is "htm" or "html")
            return "a page of its own: it may ask for passwords that are none of its business";
        return FileKinds.Archives.Contains(ending) || known is { Type: "application/vnd.rar" or "application/x-7z-compressed" } ? "an archive: what is in it was not looked at" : "";
    }

    private static byte[] Vba { get; } = Encoding.Unicode.GetBytes("_VBA_PROJECT");

    private static string SafeName(string name, int index)
    {
        var safe = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
            if (rune.Value is '/' or '\\' or ':' or '"' or '<' or '>' or '|' or '?' or '*')
                safe.Append('_');
            else if (Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.Surrogate) && rune != Rune.ReplacementChar)
                safe.Append(rune);
        var text = safe.ToString().Trim(' ', '.');
        // The end says what it is: of a long name the middle goes.
        text = text.Length > LongestName ? $"{text[..(LongestName - 25)]}…{text[^20..]}" : text;
        return text.Length > 0 ? text : $"file-{index.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
    }
}
