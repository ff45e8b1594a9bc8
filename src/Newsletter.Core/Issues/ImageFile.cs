using System.Buffers.Binary;

namespace Newsletter.Issues;

/// <summary>What the first octets of an image say of it. No picture is decoded, and whatever the octets are, nothing is thrown.</summary>
public static class ImageFile
{
    /// <summary>The kinds that are shown with their endings, by media type.</summary>
    private static readonly Dictionary<string, string> Endings = new(StringComparer.Ordinal)
    {
        ["image/png"] = "png", ["image/jpeg"] = "jpg", ["image/gif"] = "gif", ["image/webp"] = "webp", ["image/svg+xml"] = "svg",
    };

    /// <summary>Kind and size; <see cref="ImageFault.NoImage"/> where the octets are no PNG, JPEG, GIF, WebP or SVG.</summary>
    /// <param name="file">The whole file, or as much of its beginning as there is: what lies beyond is not known.</param>
    public static ImageFacts Read(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? Png(file)
        : file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? JpegHeader.Read(file)
        : file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ? Gif(file)
        : file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8) ? Webp(file[12..])
        : SvgHeader.Read(file) ?? new ImageFacts { Fault = ImageFault.NoImage };

    /// <summary>The ending of a file's name for a media type that <see cref="Read"/> gives; null for another.</summary>
    public static string? EndingOf(string mediaType) => Endings.GetValueOrDefault(mediaType);

    /// <summary>The media type of such an ending; null for another.</summary>
    public static string? MediaTypeOf(string ending) => Endings.FirstOrDefault(pair => pair.Value == ending).Key;

    /// <summary>Facts with a size, if it is one that a picture can have.</summary>
    internal static ImageFacts Of(string mediaType, long width, long height) =>
        width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue ? new() { MediaType = mediaType, Width = (int)width, Height = (int)height } : new() { MediaType = mediaType };

    // PNG (W3C, third edition) §11.2.1: IHDR comes first.
    private static ImageFacts Png(ReadOnlySpan<byte> file) =>
        file.Length >= 24 && file[12..].StartsWith("IHDR"u8)
            ? Of("image/png", BinaryPrimitives.ReadUInt32BigEndian(file[16..]), BinaryPrimitives.ReadUInt32BigEndian(file[20..]))
            : new() { MediaType = "image/png" };

    // GIF89a §18: the logical screen.
    private static ImageFacts Gif(ReadOnlySpan<byte> file) =>
        file.Length >= 10 ? Of("image/gif", BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..])) : new() { MediaType = "image/gif" };

    // RFC 9649 §2: the first chunk is the frame (VP8, VP8L) or says how large the canvas is (VP8X).
    private static ImageFacts Webp(ReadOnlySpan<byte> chunks)
    {
        var data = chunks.Length >= 8 ? chunks[8..] : default;
        if (chunks.StartsWith("VP8X"u8) && data.Length >= 10)
            return Of("image/webp", 1 + UInt24(data[4..]), 1 + UInt24(data[7..]));
        if (chunks.StartsWith("VP8L"u8) && data.Length >= 5 && data[0] == 0x2F)
            return BinaryPrimitives.ReadUInt32LittleEndian(data[1..]) is var bits ? Of("image/webp", 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)) : new();
        if (chunks.StartsWith("VP8 "u8) && data.Length >= 10 && data[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
            return Of("image/webp", BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
        return new() { MediaType = "image/webp" };
    }

    private static int UInt24(ReadOnlySpan<byte> octets) => octets[0] | octets[1] << 8 | octets[2] << 16;
}
