using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Newsletter.Classifying;

namespace Newsletter.Benchmarks;

/// <summary>Whether any change to the mails of a folder ends in a fault or takes long: <c>fuzz FOLDER COUNT [SEED]</c>.</summary>
/// <remarks>What throws or takes longer than the bound, in processor time on Linux, is written to the working folder, to become a test.</remarks>
internal static partial class Fuzzing
{
    public static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(100);

    public static int Run(string folder, int count, int seed)
    {
        var (mails, faults, slow, worst, began) = (MailChanges.Read(folder), 0, 0, TimeSpan.Zero, Stopwatch.GetTimestamp());
        Parallel.For(0, count, i =>
        {
            var random = new Random(HashCode.Combine(seed, i));
            var raw = MailChanges.Changed(mails, random);
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
            if (took > Bound && (took = Again(() => Classifier.Classify(raw))) > Bound) // perhaps the code was compiled meanwhile
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

    /// <summary>The best of three more times; zero where it throws, which is a fault and counted as one.</summary>
    public static TimeSpan Again(Action read)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var since = Spent();
            try { read(); }
            catch (Exception) { return TimeSpan.Zero; }
            var took = Spent() - since;
            best = took < best ? took : best;
        }
        return best;
    }

    /// <summary>The processor time of this thread, where the system tells it: a busy machine makes no mail slow.</summary>
    public static TimeSpan Spent() =>
        OperatingSystem.IsLinux() && ClockGetTime(3, out var time) == 0 ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0) : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Moment time);

    private readonly record struct Moment(long Seconds, long Nanoseconds);

    public static void Keep(byte[] raw, string name, string why)
    {
        File.WriteAllBytes($"{name}.eml", raw);
        Console.WriteLine($"{name}.eml: {why}");
    }
}
