using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Newsletter.Classifying;

namespace Newsletter.Benchmarks;

/// <summary>The classifier over a folder of mails: how many a second, and whether any change to them ends in a fault or takes long.</summary>
/// <remarks>
/// <c>classify FOLDER</c> says how many mails of the folder are read in a second on one core, after a warm-up. <c>fuzz FOLDER COUNT [SEED]</c> reads so many
/// mails made by changes of those; what throws or takes longer than the bound, in processor time on Linux, is written to the working folder, to become a test.
/// </remarks>
internal static partial class Classifying
{
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    private static readonly string[] Words =
    [
        "\r\n\r\n", "\n--b\n", "Content-Type: multipart/report; boundary=b\n", "Content-Type: message/rfc822\n\n", "Final-Recipient: rfc822;", "Status: 5.1.1\n", "Action: failed\n",
        "<a@b.example>:", "=?utf-7?B?+", "=?iso-2022-jp?B?GyRC", "\u001b$B", "Content-Transfer-Encoding: base64\n", "Content-Type: text/html\n\n<", "<style>", "&#x", "{\"notificationType\":\"Bounce\",",
        "From: MAILER-DAEMON\n", "Return-Path: <>\n", "(((((", ">>>>>", "@@@@@", "550 5.1.1 ", "\0", "\u00ff\u00fe", ";;;;;", "References: ", "Feedback-Type: abuse\n",
    ];

    public static int Rate(string folder)
    {
        var mails = Read(folder);
        for (var round = 0; round < 5; round++)
            foreach (var mail in mails)
                Classifier.Classify(mail);
        var (count, allocated, began) = (0L, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < Measured)
            foreach (var mail in mails)
            {
                Classifier.Classify(mail);
                count++;
            }
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{mails.Length} mails of {mails.Average(mail => mail.Length):n0} octets: {count / seconds:n0} a second on one core, {(GC.GetAllocatedBytesForCurrentThread() - allocated) / count:n0} octets allocated each"));
        return 0;
    }

    public static int Fuzz(string folder, int count, int seed)
    {
        var (mails, faults, slow, worst, began) = (Read(folder), 0, 0, TimeSpan.Zero, Stopwatch.GetTimestamp());
        Parallel.For(0, count, i =>
        {
            var random = new Random(HashCode.Combine(seed, i));
            var raw = Changed(mails, random);
            var since = Spent();
            try
            {
                if (Classifier.Classify(raw).Evidence.Length is 0 or > 300)
                    throw new InvalidOperationException("no evidence, or too long");
            }
            catch (Exception e)
            {
                Interlocked.Increment(ref faults);
                Keep(raw, $"fault-{i}", e.ToString());
            }
            var took = Spent() - since;
            if (took > Bound && (took = Again(raw)) > Bound) // perhaps the code was compiled meanwhile
            {
                Interlocked.Increment(ref slow);
                Keep(raw, $"slow-{i}", $"{took.TotalMilliseconds:n0} ms");
            }
            lock (mails)
                worst = took > worst ? took : worst;
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count:n0} mails, seed {seed}: {faults} faults, {slow} slower than {Bound.TotalMilliseconds:n0} ms, the slowest {worst.TotalMilliseconds:n1} ms; {Stopwatch.GetElapsedTime(began).TotalSeconds:n0} s, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB at most"));
        return faults + slow == 0 ? 0 : 1;
    }

    private static TimeSpan Again(byte[] raw)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var since = Spent();
            try { Classifier.Classify(raw); }
            catch (Exception) { return TimeSpan.Zero; } // counted as a fault
            var took = Spent() - since;
            best = took < best ? took : best;
        }
        return best;
    }

    /// <summary>The processor time of this thread, where the system tells it: a busy machine makes no mail slow.</summary>
    private static TimeSpan Spent() =>
        OperatingSystem.IsLinux() && ClockGetTime(3, out var time) == 0 ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0) : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Moment time);

    private readonly record struct Moment(long Seconds, long Nanoseconds);

    private static byte[] Changed(byte[][] mails, Random random)
    {
        var raw = new List<byte>(mails[random.Next(mails.Length)]);
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
                    var other = mails[random.Next(mails.Length)];
                    raw.RemoveRange(at, raw.Count - at);
                    raw.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                    break;
            }
        }
        return [.. raw];
    }

    private static byte[][] Read(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static void Keep(byte[] raw, string name, string why)
    {
        File.WriteAllBytes($"{name}.eml", raw);
        Console.WriteLine($"{name}.eml: {why}");
    }
}
