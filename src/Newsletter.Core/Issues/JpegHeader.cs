using System.Buffers.Binary;

namespace Newsletter.Issues;

/// <summary>The size of a JPEG (ITU-T T.81), turned as its camera was held (Exif).</summary>
internal static class JpegHeader
{
    private const int MaxSegments = 10_000;
    private const int Orientation = 0x0112;

    /// <param name="file">From the start of image on.</param>
    public static ImageFacts Read(ReadOnlySpan<byte> file)
    {
        var isTurned = false;
        var rest = file[2..];
        for (var i = 0; i < MaxSegments && Next(ref rest, out var marker, out var segment); i++)
        {
            if (marker == 0xE1 && segment.StartsWith("Exif\0\0"u8))
                isTurned = IsTurned(segment[6..]);
            else if (marker is 0xD9 or 0xDA)
                break; // the picture itself, and no frame header before it
            else if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && segment.Length >= 5)
                return Sized(BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), isTurned);
        }
        return new() { MediaType = "image/jpeg" };
    }

    private static ImageFacts Sized(int width, int height, bool isTurned) =>
        isTurned ? ImageFile.Of("image/jpeg", height, width) : ImageFile.Of("image/jpeg", width, height);

    // §B.1.1: FF, perhaps FF again as filling, the marker, its length with itself counted in. Markers that stand alone have none.
    private static bool Next(ref ReadOnlySpan<byte> rest, out byte marker, out ReadOnlySpan<byte> segment)
    {
        marker = 0;
        segment = default;
        var start = rest.IndexOf((byte)0xFF);
        var at = start < 0 ? -1 : rest[start..].IndexOfAnyExcept((byte)0xFF);
        if (at < 0)
            return false;
        marker = rest[start + at];
        rest = rest[(start + at + 1)..];
        if (marker is 0x00 or 0x01 or >= 0xD0 and <= 0xD8)
            return true;
        if (rest.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && length < 2)
            return false;
        segment = rest[2..Math.Min(length, rest.Length)];
        rest = rest[Math.Min(length, rest.Length)..];
        return true;
    }

    // TIFF 6.0 §2, Exif 2.32 §4.6.4: values 5 to 8 are pictures that lie on their side.
    private static bool IsTurned(ReadOnlySpan<byte> tiff)
    {
        var isLittle = tiff.StartsWith("II"u8);
        if (tiff.Length < 8 || !isLittle && !tiff.StartsWith("MM"u8))
            return false;
        var at = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (at > tiff.Length - 2)
            return false;
        var entries = tiff[(int)at..];
        var count = UInt16(entries, isLittle);
        for (entries = entries[2..]; count > 0 && entries.Length >= 12; count--, entries = entries[12..])
            if (UInt16(entries, isLittle) == Orientation)
                return UInt16(entries[8..], isLittle) is >= 5 and <= 8;
        return false;
    }

    private static ushort UInt16(ReadOnlySpan<byte> octets, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(octets) : BinaryPrimitives.ReadUInt16BigEndian(octets);
}
