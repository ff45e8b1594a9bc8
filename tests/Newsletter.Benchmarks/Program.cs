using System.Globalization;
using BenchmarkDotNet.Running;
using Newsletter.Benchmarks;

switch (args)
{
    case ["classify", var folder]:
        return Classifying.Rate(folder);
    case ["fuzz", var folder, var count, .. var rest]:
        return Fuzzing.Run(folder, int.Parse(count, CultureInfo.InvariantCulture), rest is [var seed] ? int.Parse(seed, CultureInfo.InvariantCulture) : Environment.TickCount);
    case ["fuzz-events", var count, .. var rest]:
        return EventFuzzing.Run(int.Parse(count, CultureInfo.InvariantCulture), rest is [var first] ? int.Parse(first, CultureInfo.InvariantCulture) : Environment.TickCount);
    case ["fuzz-guided", var folder, var count, .. var rest]:
        return GuidedFuzzing.Run(folder, int.Parse(count, CultureInfo.InvariantCulture), rest is [var start] ? int.Parse(start, CultureInfo.InvariantCulture) : Environment.TickCount);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(InliningSample).Assembly).Run(args);
        return 0;
}
