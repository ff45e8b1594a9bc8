using Microsoft.Extensions.Logging;

namespace Newsletter.Tests;

/// <summary>A log that keeps its lines: level, words and, behind them, the exception as it is written.</summary>
internal sealed class KeptLog<T> : ILogger<T>
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add($"{logLevel} {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
}
