using System.Text;

namespace Newsletter.Composing;

/// <summary>A piece of the body that the letters of an edition are made of, encoded for the way.</summary>
internal abstract class LetterPiece
{
    /// <summary>Writes the piece for one reader.</summary>
    /// <param name="to">Gets its octets; none are copied that are the same for all.</param>
    /// <param name="values">The reader's.</param>
    /// <param name="hash">Gets the octets in DKIM's relaxed form; null where nobody signs.</param>
    public abstract void Write(List<ReadOnlyMemory<byte>> to, PersonalValues values, RunningHash? hash);

    /// <summary>ASCII that is the same for all readers.</summary>
    public static Shared Of(string ascii) => new(Encoding.ASCII.GetBytes(ascii));

    /// <summary>Pieces that follow one another; those that are the same for all readers become one.</summary>
    public static IReadOnlyList<LetterPiece> Joined(IEnumerable<LetterPiece> pieces)
    {
        var joined = new List<LetterPiece>();
        foreach (var piece in pieces)
            if (piece is Shared next && joined.Count > 0 && joined[^1] is Shared before)
                joined[^1] = new Shared([.. before.Octets.Span, .. next.Octets.Span]);
            else
                joined.Add(piece);
        return joined;
    }

    /// <summary>The same for all readers.</summary>
    internal sealed class Shared(byte[] octets) : LetterPiece
    {
        private readonly Lazy<byte[]> relaxed = new(() => DkimCanonical.Lines(octets));

        public ReadOnlyMemory<byte> Octets => octets;

        public override void Write(List<ReadOnlyMemory<byte>> to, PersonalValues values, RunningHash? hash)
        {
            to.Add(octets);
            hash?.Add(relaxed.Value);
        }
    }

    /// <summary>One reader's.</summary>
    internal sealed class Filled(Func<PersonalValues, byte[]> fill) : LetterPiece
    {
        public override void Write(List<ReadOnlyMemory<byte>> to, PersonalValues values, RunningHash? hash)
        {
            var octets = fill(values);
            to.Add(octets);
            hash?.Add(DkimCanonical.Lines(octets));
        }
    }

    /// <summary>The first branch whose condition holds; nothing where none does.</summary>
    internal sealed class Choice(IReadOnlyList<(Condition When, IReadOnlyList<LetterPiece> Pieces)> branches) : LetterPiece
    {
        public override void Write(List<ReadOnlyMemory<byte>> to, PersonalValues values, RunningHash? hash)
        {
            foreach (var (when, pieces) in branches)
            {
                if (!when.Holds(values.Find))
                    continue;
                foreach (var piece in pieces)
                    piece.Write(to, values, hash);
                return;
            }
        }
    }
}
