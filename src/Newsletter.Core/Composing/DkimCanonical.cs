using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Newsletter.Composing;

/// <summary>The "relaxed" forms of RFC 6376 §3.4.2 and §3.4.4: what a relay may change without breaking a signature.</summary>
internal static class DkimCanonical
{
    private const byte Cr = (byte)'\r', Lf = (byte)'\n', Space = (byte)' ', Tab = (byte)'\t', Colon = (byte)':';

    /// <summary>A header field's name and place, its folds within, its CRLF without.</summary>
    public readonly record struct Field(string Name, int Start, int Length);

    /// <summary>The fields of a header block, in order.</summary>
    public static List<Field> Fields(ReadOnlySpan<byte> header)
    {
        var fields = new List<Field>(32);
        for (var start = 0; start < header.Length;)
        {
            var length = FieldLength(header[start..]);
            var field = header.Slice(start, length);
            var colon = field.IndexOf(Colon);
            fields.Add(new(Encoding.ASCII.GetString(colon < 0 ? field : field[..colon].TrimEnd(" \t"u8)), start, length));
            start += length + 2;
        }
        return fields;
    }

    /// <summary>The places of the named fields, of those of one name the last first (§5.4.2); a name without a field left has none.</summary>
    public static int[] PlacesOf(IEnumerable<string> names, List<Field> fields)
    {
        var left = Enumerable.Range(0, fields.Count).ToList();
        var places = new List<int>();
        foreach (var name in names)
            if (left.FindLastIndex(place => fields[place].Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at)
            {
                places.Add(left[at]);
                left.RemoveAt(at);
            }
        return [.. places];
    }

    /// <summary>Where each field begins and how long it is, its CRLF without.</summary>
    public static int Split(ReadOnlySpan<byte> header, Span<Range> fields)
    {
        var count = 0;
        for (var start = 0; start < header.Length && count < fields.Length; count++)
        {
            var length = FieldLength(header[start..]);
            fields[count] = start..(start + length);
            start += length + 2;
        }
        return count;
    }

    /// <summary>Name in lower case, folds and runs of blanks one blank, none at either end of the value; no line end.</summary>
    public static void WriteField(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> field)
    {
        var colon = field.IndexOf(Colon);
        var name = field[..colon].TrimEnd(" \t"u8);
        var span = to.GetSpan(field.Length);
        Ascii.ToLower(name, span, out var length);
        span[length++] = Colon;
        var blank = false;
        foreach (var octet in field[(colon + 1)..].Trim(" \t\r\n"u8))
            if (octet is Cr or Lf or Space or Tab)
                blank = true;
            else
            {
                if (blank)
                    span[length++] = Space;
                blank = false;
                span[length++] = octet;
            }
        to.Advance(length);
    }

    /// <summary>SHA-256 of the body: runs of blanks one blank, none at line ends, no empty lines at the end, CRLF after the last line; an empty body stays empty.</summary>
    public static byte[] HashOfBody(ReadOnlySpan<byte> body)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(body.Length + 2);
        var length = Relaxed(body, buffer);
        var hash = SHA256.HashData(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return hash;
    }

    /// <summary>Whole lines in the relaxed form, for a piece of a body that begins with a line and is not its end; the last line may be open, without a blank at its end.</summary>
    /// <returns>The piece itself where it has that form.</returns>
    public static byte[] Lines(byte[] piece)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(piece.Length + 2);
        var length = 0;
        for (ReadOnlySpan<byte> rest = piece; !rest.IsEmpty;)
        {
            var lineEnd = rest.IndexOf("\r\n"u8);
            length += RelaxedLine(lineEnd < 0 ? rest : rest[..lineEnd], buffer.AsSpan(length));
            if (lineEnd >= 0)
                (buffer[length++], buffer[length++]) = (Cr, Lf);
            rest = lineEnd < 0 ? [] : rest[(lineEnd + 2)..];
        }
        var relaxed = buffer.AsSpan(0, length).SequenceEqual(piece) ? piece : buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return relaxed;
    }

    private static int Relaxed(ReadOnlySpan<byte> body, Span<byte> to)
    {
        int length = 0, end = 0; // end: after the last line that is not empty
        while (!body.IsEmpty)
        {
            var lineEnd = body.IndexOf("\r\n"u8);
            var line = RelaxedLine(lineEnd < 0 ? body : body[..lineEnd], to[length..]);
            length += line;
            to[length++] = Cr;
            to[length++] = Lf;
            end = line is 0 ? end : length;
            body = lineEnd < 0 ? [] : body[(lineEnd + 2)..];
        }
        return end;
    }

    private static int RelaxedLine(ReadOnlySpan<byte> line, Span<byte> to)
    {
        line = line.TrimEnd(" \t"u8);
        if (line.IndexOf("  "u8) < 0 && !line.Contains(Tab))
        {
            line.CopyTo(to);
            return line.Length;
        }
        var length = 0;
        foreach (var octet in line)
            if (octet is not (Space or Tab))
                to[length++] = octet;
            else if (length is 0 || to[length - 1] is not Space)
                to[length++] = Space;
        return length;
    }

    private static int FieldLength(ReadOnlySpan<byte> rest)
    {
        for (var from = 0; from < rest.Length;)
        {
            var end = rest[from..].IndexOf("\r\n"u8);
            if (end < 0)
                return rest.Length;
            if (from + end + 2 >= rest.Length || rest[from + end + 2] is not (Space or Tab))
                return from + end;
            from += end + 2;
        }
        return rest.Length;
    }
}
