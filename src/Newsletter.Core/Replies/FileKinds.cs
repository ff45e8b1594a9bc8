using System.Collections.Frozen;
using System.Globalization;

namespace Newsletter.Replies;

/// <summary>What a file is by its content, and what is dangerous: <c>file-kinds.txt</c>.</summary>
internal static class FileKinds
{
    private static readonly ILookup<string, string> Sections = EmbeddedText.Sections("Replies.file-kinds.txt");
    private static readonly IReadOnlyList<Signature> Signatures = [.. Sections["octets"].Select(Signature.Read)];
    private static readonly FrozenDictionary<string, string> Contents = Sections["endings"].Select(line => line.Split(' ')).ToFrozenDictionary(line => line[0], line => line[1]);

    public static FrozenSet<string> Running { get; } = Sections["runs"].ToFrozenSet();
    public static FrozenSet<string> Dangerous { get; } = Sections["dangerous"].ToFrozenSet();
    public static FrozenSet<string> Macros { get; } = Sections["macros"].ToFrozenSet();
    public static FrozenSet<string> Archives { get; } = Sections["archives"].ToFrozenSet();

    /// <summary>Media type and word by the first octets; null where they tell none.</summary>
    public static (string Type, string Word)? Of(ReadOnlySpan<byte> beginning)
    {
        foreach (var signature in Signatures)
            if (signature.Fits(beginning))
                return (signature.Type, signature.Word);
        return null;
    }

    /// <summary>What a file of this ending has to be by its content; null where content does not tell.</summary>
    public static string? Expected(string ending) => Contents.GetValueOrDefault(ending);

    private sealed record Signature(IReadOnlyList<byte?> Octets, string Type, string Word)
    {
        public static Signature Read(string line)
        {
            var parts = line.Split(' ', 3);
            return new([.. parts[0].Chunk(2).Select(pair => pair is ['.', '.'] ? (byte?)null : byte.Parse(pair, NumberStyles.HexNumber, CultureInfo.InvariantCulture))], parts[1], parts[2]);
        }

        public bool Fits(ReadOnlySpan<byte> beginning)
        {
            if (beginning.Length < Octets.Count)
                return false;
            for (var at = 0; at < Octets.Count; at++)
                if (Octets[at] is { } octet && beginning[at] != octet)
                    return false;
            return true;
        }
    }
}
