using System.Buffers.Binary;
using System.Text;

namespace Newsletter.Tests;

/// <summary>The beginnings of image files, as their formats have them; nothing that could be drawn but the PNG.</summary>
internal static class ImageFiles
{
    public static byte[] Png(int width, int height, byte seed = 0)
    {
        var size = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(size, width);
        BinaryPrimitives.WriteInt32BigEndian(size.AsSpan(4), height);
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, .. size, 8, 6, 0, 0, 0, seed, 1, 2, 3];
    }

    public static byte[] Gif(ushort width, ushort height) => [.. "GIF89a"u8, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0, 0, 0];

    public static byte[] Jpeg(ushort width, ushort height, byte orientation = 0, byte frame = 0xC0) =>
    [
        0xFF, 0xD8, 0xFF, 0xE0, 0, 7, .. "JFIF\0"u8,
        .. orientation > 0 ? Exif(orientation) : [],
        0xFF, 0xFF, 0xDB, 0, 4, 1, 2, // a quantization table, with filling before its marker
        0xFF, frame, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0,
        0xFF, 0xDA, 0, 2,
    ];

    public static byte[] WebpLossy(ushort width, ushort height) =>
        [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8, 0, 0, 0, 0, 0, 0, 0, 0x9D, 1, 0x2A, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)];

    public static byte[] WebpLossless(int width, int height)
    {
        var bits = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bits, width - 1 | height - 1 << 14);
        return [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8L"u8, 0, 0, 0, 0, 0x2F, .. bits];
    }

    public static byte[] WebpExtended(int width, int height) =>
    [
        .. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0,
        (byte)(width - 1), (byte)(width - 1 >> 8), (byte)(width - 1 >> 16), (byte)(height - 1), (byte)(height - 1 >> 8), (byte)(height - 1 >> 16),
    ];

    public static byte[] Svg(string attributes, string before = "") => Encoding.UTF8.GetBytes($"{before}<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}><rect/></svg>");

    // A TIFF with one entry before that of the orientation, in the order of octets that Canon writes.
    private static byte[] Exif(byte orientation) =>
    [
        0xFF, 0xE1, 0, 2 + 6 + 8 + 2 + 24, .. "Exif\0\0"u8, .. "II"u8, 42, 0, 8, 0, 0, 0, 2, 0,
        0x0F, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0,
    ];
}
