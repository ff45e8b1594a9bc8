using System.CommandLine;
using Newsletter.Sending;

namespace Newsletter.Cli;

/// <summary><c>--priority</c>: which edition gets the lines first.</summary>
internal static class PriorityOption
{
    public static Option<Priority> Create() => new("--priority")
    {
        Description = "high, normal or low: where several editions are under way, the higher gets the relay's connections first.", DefaultValueFactory = _ => Priority.Normal,
    };
}
