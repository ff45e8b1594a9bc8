using System.Text;

namespace Newsletter.Benchmarks;

/// <summary>Mails made from others by changes: pieces gone, doubled, moved, put together, and words that parsers stumble over.</summary>
internal static class MailChanges
{
    private const int MaxLength = 1 << 20;

    private static readonly string[] Words =
    [
        "\r\n\r\n", "\n--b\n", "Content-Type: multipart/report; boundary=b\n", "Content-Type: message/rfc822\n\n", "Final-Recipient: rfc822;", "Status: 5.1.1\n", "Action: failed\n",
        "<a@b.example>:", "=?utf-7?B?+", "=?iso-2022-jp?B?GyRC", "\u001b$B", "Content-Transfer-Encoding: base64\n", "Content-Type: text/html\n\n<", "<style>", "&#x", "{\"notificationType\":\"Bounce\",",
        "From: MAILER-DAEMON\n", "Return-Path: <>\n", "(((((", ">>>>>", "@@@@@", "550 5.1.1 ", "\0", "\u00ff\u00fe", ";;;;;", "References: ", "Feedback-Type: abuse\n",
    ];

    public static byte[][] Read(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    public static byte[] Changed(IReadOnlyList<byte[]> mails, Random random)
    {
        var raw = new List<byte>(mails[random.Next(mails.Count)]);
        for (var change = random.Next(1, 12); change > 0; change--)
        {
            var at = random.Next(raw.Count + 1);
            var length = Math.Min(raw.Count - at, random.Next(3) is 0 ? random.Next(2000) : random.Next(40));
            switch (random.Next(8))
            {
                case 0: raw.RemoveRange(at, length); break;
                case 1: raw.InsertRange(at, raw.GetRange(at, length)); break;
                case 2: raw.InsertRange(random.Next(raw.Count + 1), raw.GetRange(at, length)); break;
                case 3: raw.InsertRange(at, Encoding.Latin1.GetBytes(Words[random.Next(Words.Length)])); break;
                case 4: raw.InsertRange(at, Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(Words[random.Next(Words.Length)], random.Next(1, 2000))))); break;
                case 5 when at < raw.Count: raw[at] = (byte)random.Next(256); break;
                case 6 when at < raw.Count: raw[at] ^= (byte)(1 << random.Next(8)); break;
                case 7:
                    var other = mails[random.Next(mails.Count)];
                    raw.RemoveRange(at, raw.Count - at);
                    raw.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                    break;
            }
        }
        return [.. raw.Take(MaxLength)];
    }
}
