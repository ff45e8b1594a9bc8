using AngleSharp.Html.Parser;
using BenchmarkDotNet.Attributes;
using Newsletter.Inlining;

namespace Newsletter.Benchmarks;

/// <summary>
/// The whole sample once: the real letters that lie beside the checkout, or letters made up where they do not. AngleSharp's
/// bare parse is the measure, since every inliner of .NET that stands on it needs that and more.
/// </summary>
[MemoryDiagnoser]
public class InliningSample
{
    private string[] letters = [];

    [GlobalSetup]
    public void Read() => letters = Letters.Sample();

    [Benchmark(Baseline = true)]
    public int AngleSharpParse()
    {
        var count = 0;
        foreach (var letter in letters)
            count += new HtmlParser().ParseDocument(letter).ChildNodes.Length;
        return count;
    }

    [Benchmark]
    public int AngleSharpParseAndWrite()
    {
        var count = 0;
        foreach (var letter in letters)
            count += new HtmlParser().ParseDocument(letter).DocumentElement.OuterHtml.Length;
        return count;
    }

    [Benchmark]
    public int Inline()
    {
        var count = 0;
        foreach (var letter in letters)
            count += Inliner.Inline(letter).Length;
        return count;
    }
}
