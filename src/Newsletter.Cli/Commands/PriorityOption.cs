using System.CommandLine;
using Newsletter.Sending;

namespace Newsletter.Cli;

/// <summary><c>--priority</c>: which edition gets the lines first.</summary>
internal static class PriorityOption
{
    public static Option<Priority> Create() =>
        ChoiceOption.Create("--priority", "Where several editions are under way, the higher gets the relay's connections first.", Priority.Normal);
}
