using BenchmarkDotNet.Attributes;
using Newsletter.Inlining;

namespace Newsletter.Benchmarks;

/// <summary>One letter of a given size: the time per kilobyte must not grow with it.</summary>
[MemoryDiagnoser]
public class InliningSizes
{
    private string letter = "";

    [Params(10_000, 100_000, 1_000_000, 5_000_000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Make() => letter = Letters.Make(Length);

    [Benchmark]
    public string Inline() => Inliner.Inline(letter);
}
