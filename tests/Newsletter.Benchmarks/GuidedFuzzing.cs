using System.Diagnostics;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.Loader;
using SharpFuzz;
using Trace = SharpFuzz.Common.Trace;

namespace Newsletter.Benchmarks;

/// <summary>Fuzzing that keeps what reaches new code: <c>fuzz-guided FOLDER COUNT [SEED]</c>, on one core; two seeds may run side by side.</summary>
/// <remarks>
/// Copies of the classifier and of MimeKit's parser are instrumented (SharpFuzz: a counter for each pair of branches, as AFL has it) and loaded beside the program's own.
/// A changed mail that takes a pair for the first time, or in a new order of magnitude, becomes a mail to be changed further.
/// </remarks>
internal static unsafe class GuidedFuzzing
{
    private const int MapSize = 1 << 16;
    private const int MaxKept = 64 * 1024; // a longer one is tried, and not changed further: it would cost the time of many

    public static int Run(string folder, int count, int seed)
    {
        var map = stackalloc byte[MapSize];
        var (read, known, random) = (Load(), new byte[MapSize], new Random(seed));
        Trace.SharedMem = map;
        var mails = MailChanges.Read(folder).ToList();
        foreach (var mail in mails.ToList())
            Reached(read, mail, map, known);
        var (given, branches, findings, worst, began) = (mails.Count, known.Count(each => each > 0), 0, TimeSpan.Zero, Stopwatch.GetTimestamp());
        for (var i = 0; i < count; i++)
        {
            // The youngest half of the time: they stand at the edge of what is reached.
            var raw = MailChanges.Changed(random.Next(2) == 0 && mails.Count > given ? mails.GetRange(Math.Max(given, mails.Count - 500), Math.Min(500, mails.Count - given)) : mails, random);
            var since = Fuzzing.Spent();
            try
            {
                if (Reached(read, raw, map, known) && raw.Length <= MaxKept)
                    mails.Add(raw);
            }
            catch (Exception e)
            {
                findings++;
                Fuzzing.Keep(raw, $"fault-{seed}-{i}", e.ToString());
            }
            var took = Fuzzing.Spent() - since;
            if (took > Fuzzing.Bound && (took = Fuzzing.Again(() => read(raw))) > Fuzzing.Bound)
            {
                findings++;
                Fuzzing.Keep(raw, $"slow-{seed}-{i}", $"{took.TotalMilliseconds:n0} ms");
            }
            worst = took > worst ? took : worst;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {count:n0} mails, seed {seed}: {findings} findings, the slowest {worst.TotalMilliseconds:n1} ms (instrumented); {mails.Count - given:n0} mails reached new code,
            {known.Count(each => each > 0):n0} pairs of branches instead of the {branches:n0} of the given mails; {Stopwatch.GetElapsedTime(began).TotalSeconds:n0} s, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB at most
            """));
        return findings == 0 ? 0 : 1;
    }

    /// <summary>Reads a mail; true where it took a pair of branches as never before.</summary>
    private static bool Reached(Func<byte[], string> read, byte[] raw, byte* map, byte[] known)
    {
        new Span<byte>(map, MapSize).Clear();
        Trace.PrevLocation = 0;
        if (read(raw).Length is 0 or > 300)
            throw new InvalidOperationException("no evidence, or too long");
        var isNew = false;
        for (var at = 0; at < MapSize; at++)
            if (map[at] is not 0 and var times && (1 << int.Log2(times)) is var magnitude && (known[at] & magnitude) == 0)
            {
                known[at] |= (byte)magnitude;
                isNew = true;
            }
        return isNew;
    }

    /// <summary>The classifier of the instrumented copies: a mail's evidence.</summary>
    private static Func<byte[], string> Load()
    {
        var folder = Directory.CreateTempSubdirectory("guided-").FullName;
        var context = new AssemblyLoadContext("instrumented");
        foreach (var name in (string[])["MimeKit", "Newsletter.Classifying"])
        {
            var copy = Path.Combine(folder, $"{name}.dll");
            File.Copy(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), copy);
            Fuzzer.Instrument(copy, type => name is "Newsletter.Classifying" || type.StartsWith("MimeKit.Mime", StringComparison.Ordinal) || type.StartsWith("MimeKit.Content", StringComparison.Ordinal), Options.Value);
            using var bytes = new MemoryStream(File.ReadAllBytes(copy));
            context.LoadFromStream(bytes);
        }
        Directory.Delete(folder, recursive: true);
        var method = context.Assemblies.Single(assembly => assembly.GetName().Name == "Newsletter.Classifying").GetType("Newsletter.Classifying.Classifier")!
            .GetMethod("Classify", BindingFlags.Public | BindingFlags.Static)!;
        var raw = Expression.Parameter(typeof(byte[]));
        var rest = method.GetParameters().Skip(1).Select(parameter => Expression.Constant(null, parameter.ParameterType));
        return Expression.Lambda<Func<byte[], string>>(
            Expression.Property(Expression.Call(method, [Expression.New(typeof(ReadOnlyMemory<byte>).GetConstructor([typeof(byte[])])!, raw), .. rest]), "Evidence"), raw).Compile();
    }
}
