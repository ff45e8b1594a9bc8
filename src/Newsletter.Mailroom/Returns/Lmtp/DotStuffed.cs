using System.Buffers;

namespace Newsletter.Mailroom;

/// <summary>A message as it comes after DATA, taken apart octet by octet. It ends with CR LF . CR LF and with nothing else: a server that took a bare LF for a line's end would see mails that the one before it does not.</summary>
internal sealed class DotStuffed(int maxSize)
{
    private ArrayBufferWriter<byte> bytes = new();
    private Place place = Place.LineStart;

    private enum Place
    {
        LineStart,
        Dot,
        DotCr,
        Inside,
        Cr,
    }

    /// <summary>Whether the end was seen.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether there was more than is taken; then nothing is kept.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Octets that came.</summary>
    public long Seen { get; private set; }

    /// <summary>The message.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes.WrittenMemory;

    /// <summary>Takes octets up to the message's end at most; how many.</summary>
    public int Take(ReadOnlySpan<byte> octets)
    {
        for (var at = 0; at < octets.Length; at++)
        {
            Seen++;
            Take(octets[at]);
            if (IsWhole)
                return at + 1;
        }
        return octets.Length;
    }

    private void Take(byte octet)
    {
        switch (place, octet)
        {
            case (Place.LineStart, (byte)'.'):
                place = Place.Dot; // the stuffing, or the end
                return;
            case (Place.Dot, (byte)'\r'):
                place = Place.DotCr;
                return;
            case (Place.DotCr, (byte)'\n'):
                IsWhole = true;
                return;
            case (Place.DotCr, _):
                Put((byte)'\r');
                break;
            default:
                break;
        }
        Put(octet);
        place = octet is (byte)'\r' ? Place.Cr : octet is (byte)'\n' && place is Place.Cr ? Place.LineStart : Place.Inside;
    }

    private void Put(byte octet)
    {
        if (IsTooLarge)
            return;
        if (bytes.WrittenCount == maxSize)
        {
            IsTooLarge = true;
            bytes = new(); // what was gathered is let go at once
            return;
        }
        bytes.GetSpan(1)[0] = octet;
        bytes.Advance(1);
    }
}
