"""The domain of Controlroom and its services: no Qt, no probes, no windows.

``site measure condition alarms logbook`` are pure: values and times come in, values go out.
``store engine report`` do the input and output.
"""

__version__ = "0.1.0"
