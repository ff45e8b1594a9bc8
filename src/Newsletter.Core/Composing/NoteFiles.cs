using System.Text;
using System.Text.RegularExpressions;

namespace Newsletter.Composing;

/// <summary>Puts a note's text and its files into one message (RFC 2046 §5.1.3).</summary>
internal static partial class NoteFiles
{
    private const int LineOctets = 57; // 76 characters of base64

    /// <summary>Header and body of the whole.</summary>
    /// <param name="header">The fields of the message.</param>
    /// <param name="text">The text as a part: its fields, the empty line, its content.</param>
    /// <param name="note">Has the files.</param>
    public static (byte[] Header, byte[] Body) Together(byte[] header, byte[] text, Note note)
    {
        var boundary = $"=_{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(note.MessageId)))[..40]}"; // "=_" stands neither in quoted-printable nor in base64
        using var body = new MemoryStream();
        Write(body, $"--{boundary}\r\n");
        body.Write(text);
        foreach (var file in note.Files)
        {
            Write(body, $"\r\n--{boundary}\r\n{Fields(file)}\r\n");
            for (var at = 0; at < file.Content.Length; at += LineOctets)
                Write(body, Convert.ToBase64String(file.Content.Span.Slice(at, Math.Min(LineOctets, file.Content.Length - at))) + "\r\n");
        }
        Write(body, $"\r\n--{boundary}--\r\n");
        return ([.. header, .. Encoding.ASCII.GetBytes(HeaderText.Field("Content-Type", $"multipart/mixed; boundary=\"{boundary}\""))], body.ToArray());
    }

    private static string Fields(NoteFile file) =>
        $"Content-Type: {(MediaType().IsMatch(file.Type) ? file.Type : "application/octet-stream")}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n filename*=utf-8''{Uri.EscapeDataString(file.Name)}\r\n";

    private static void Write(MemoryStream to, string ascii) => to.Write(Encoding.ASCII.GetBytes(ascii));

    [GeneratedRegex(@"^(?!multipart/|message/)[a-z0-9]+/[a-z0-9.+-]{1,80}\z")]
    private static partial Regex MediaType();
}
