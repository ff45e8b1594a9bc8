using BenchmarkDotNet.Running;
using Newsletter.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(InliningSample).Assembly).Run(args);
