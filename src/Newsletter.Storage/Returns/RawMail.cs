using System.IO.Compression;

namespace Newsletter.Storage;

/// <summary>The bytes of a mail in a column: compressed, for reports are mostly the same words.</summary>
internal static class RawMail
{
    public static byte[] Pack(ReadOnlyMemory<byte> raw)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
            brotli.Write(raw.Span);
        return packed.ToArray();
    }

    public static byte[] Unpack(byte[] packed)
    {
        using var raw = new MemoryStream();
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        brotli.CopyTo(raw);
        return raw.ToArray();
    }
}
